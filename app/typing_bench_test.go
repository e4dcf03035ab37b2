package app

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
)

// longTrace is one trace of n spans, a hundred services, twenty attributes to complete.
func longTrace(n int) *trace.Set {
	b := trace.NewBuilder()
	sym := func(text string) trace.Symbol { return b.Symbol([]byte(text)) }
	var origins []uint32
	for i := range 100 {
		r := b.Resource([]trace.Attr{b.String(sym("service.name"), fmt.Appendf(nil, "service-%d", i))}, 0)
		origins = append(origins, b.Origin(r, 0))
	}
	var raw trace.RawSpan
	for i := range n {
		raw.Reset()
		raw.Trace, raw.ID = trace.TraceID{Lo: 1}, trace.SpanID{N: uint64(i) + 1}
		if i > 0 {
			raw.Parent = trace.SpanID{N: uint64(i-1)/3 + 1}
		}
		raw.Name = sym(fmt.Sprintf("GET /api/%d", i%300))
		raw.Start, raw.Duration = int64(i+1)*1000, int64(n-i)*2000
		raw.Origin = origins[i%len(origins)]
		for k := range 5 {
			raw.Attrs = append(raw.Attrs, trace.Int(sym(fmt.Sprintf("key.%d", (i+k)%20)), int64(i%50)))
		}
		b.Add(&raw)
	}
	return b.Build()
}

// BenchmarkTyping measures what a key of a query costs the screen: taking the key and drawing, and taking the answer
// and drawing. The answer itself is worked out beside it.
func BenchmarkTyping(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("spans=%d", n), func(b *testing.B) {
			m := testModel(b, longTrace(n))
			press(b, m, "/")
			text := "service=service-7 key.3>5 "
			var keys, answers, longest time.Duration
			measure := func(sum *time.Duration, msg tea.Msg) tea.Cmd {
				start := time.Now()
				_, cmd := m.Update(msg)
				m.View()
				took := time.Since(start)
				*sum, longest = *sum+took, max(longest, took)
				return cmd
			}
			i := 0
			for b.Loop() {
				if i%len(text) == 0 {
					m.Update(ctrl('u'))
				}
				r := rune(text[i%len(text)])
				i++
				cmd := measure(&keys, tea.KeyPressMsg{Code: r, Text: string(r)})
				b.StopTimer()
				if cmd != nil {
					drain(cmd, func(r result) { measure(&answers, r) })
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(keys.Microseconds())/float64(i), "µs/key")
			b.ReportMetric(float64(answers.Microseconds())/float64(i), "µs/answer")
			b.ReportMetric(float64(longest.Microseconds()), "µs-longest")
		})
	}
}

// drain runs a command and hands on the results of jobs.
func drain(cmd tea.Cmd, take func(result)) {
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			if c != nil {
				drain(c, take)
			}
		}
	case result:
		take(msg)
	}
}
