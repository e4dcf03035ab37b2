package sources

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// protoMessages are the lines of an OTLP file, each as a protobuf message of the collector's.
func protoMessages(t testing.TB, lines []byte) [][]byte {
	t.Helper()
	var messages [][]byte
	for line := range bytes.Lines(lines) {
		td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
		if err != nil {
			t.Fatal(err)
		}
		message, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, message)
	}
	return messages
}

// TestProtoWorkersReadTheSame reads protobuf, whole and damaged, with one worker and with several.
func TestProtoWorkersReadTheSame(t *testing.T) {
	t.Parallel()
	spans, several := 15_000, []int{2, 3}
	if testing.Short() {
		spans, several = 10_000, []int{2}
	}
	messages := protoMessages(t, benchLines(t, spans))
	var plain []byte
	for _, m := range messages {
		plain = append(plain, record(m)...)
	}
	message := concat(messages...)
	odd := bytes.Clone(plain)
	copy(odd[len(odd)/2:], "something else that overwrote some of it")
	for name, c := range map[string]struct {
		data  []byte
		parts bool
	}{
		"a message":       {message, true},
		"a message cut":   {message[:len(message)-700], true},
		"records":         {plain, true},
		"records cut":     {plain[:len(plain)-700], true},
		"records damaged": {odd, true},
		"a small message": {messages[0], false},
		"Tempo's answer":  {tempoAnswer(message), false},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeFile(t, "in.pb", c.data)
			one := open(t, Options{Workers: 1}, path)
			want := dump(one)
			if one.SpanCount() == 0 {
				t.Fatal("no spans")
			}
			for _, workers := range several {
				if got := dump(open(t, Options{Workers: workers}, path)); got != want {
					t.Errorf("%d workers read something else than one:\n%s", workers, firstDifference(want, got))
				}
			}
			o := newOpening(context.Background(), Options{Workers: 2})
			w := o.watch(o.b, &input{name: name, data: c.data}, true)
			if err := o.readAll(newReader(o.b, c.data), w); err != nil {
				t.Fatal(err)
			}
			if got := len(w.parts) == 1; got != c.parts {
				t.Errorf("shared between two: %v, want %v", got, c.parts)
			}
			for _, p := range w.parts {
				if p.Reader.B.Spans() == 0 || p.Cancel.Load() {
					t.Errorf("the part from %d on: %d spans, given up %v", p.At, p.Reader.B.Spans(), p.Cancel.Load())
				}
			}
		})
	}
}

// TestProtoStops reads protobuf until it is told to stop, in whatever worker that is.
func TestProtoStops(t *testing.T) {
	data := concat(protoMessages(t, benchLines(t, 12_000))...)
	for _, workers := range []int{1, 2} {
		ctx, cancel := context.WithCancel(context.Background())
		o := newOpening(ctx, Options{Workers: workers})
		r := newReader(o.b, data)
		w := o.watch(o.b, &input{name: "in", data: data}, true)
		w.r = r
		looks := 0
		r.Pause = func() error {
			if looks++; looks == 3 {
				cancel()
			}
			return w.Pause()
		}
		if err := o.readAll(r, w); !errors.Is(err, context.Canceled) {
			t.Errorf("%d workers: %v, want to be stopped", workers, err)
		}
		if n := o.b.Spans(); n == 0 || n > 6000 {
			t.Errorf("%d workers: %d spans were read before it stopped", workers, n)
		}
		cancel()
	}
}
