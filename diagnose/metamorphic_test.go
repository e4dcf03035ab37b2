package diagnose

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// The findings of an incident must not depend on what says nothing about it: the order of the spans in the file,
// when it happened, and whether the file came in pieces.
func TestMetamorphic(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(incidents, "expect.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []incident }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		if c.Expect == "" {
			continue
		}
		for _, spelling := range c.Spellings {
			t.Run(c.Case+"."+spelling, func(t *testing.T) {
				before := diagnoseFile(t, filepath.Join(incidents, c.Case+"."+spelling+suffix(spelling)))
				want := allFindings(before)
				for _, change := range []struct {
					name string
					make func(*trace.Set) *trace.Set
				}{
					{"shuffled", shuffled},
					{"an hour later", func(s *trace.Set) *trace.Set { return rebuilt(s, later(3600e9)) }},
					{"in two pieces", inTwoPieces},
				} {
					after, err := Run(context.Background(), change.make(before.Set), Options{})
					if err != nil {
						t.Fatal(err)
					}
					if got := allFindings(after); got != want {
						t.Errorf("%s:\n%s\nbefore:\n%s", change.name, got, want)
					}
				}
			})
		}
	}
}

func allFindings(r *Report) string {
	var lines []string
	for i := range r.Findings {
		f := &r.Findings[i]
		lines = append(lines, fmt.Sprintf("%s %s %s ×%d at %s: %s", f.Detector, f.Severity, f.Title, f.Numbers.Count, anchorName(f), f.Message))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// each visits the spans of a set.
func each(s *trace.Set, visit func(trace.Span)) {
	for i := range s.Len() {
		t := s.Trace(i)
		for k := t.First(); k < t.Len(); k++ {
			visit(t.Span(k))
		}
	}
}

func rebuilt(s *trace.Set, edit func(*trace.RawSpan)) *trace.Set {
	b := trace.NewBuilder()
	each(s, func(sp trace.Span) {
		var raw trace.RawSpan
		tracetest.Copy(b, sp, &raw)
		edit(&raw)
		b.Add(&raw)
	})
	return b.Build()
}

func later(by int64) func(*trace.RawSpan) {
	return func(raw *trace.RawSpan) {
		raw.Start += by
		for i := range raw.Events {
			raw.Events[i].Time += by
		}
	}
}

func shuffled(s *trace.Set) *trace.Set {
	var spans []trace.Span
	each(s, func(sp trace.Span) { spans = append(spans, sp) })
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(spans), func(i, k int) { spans[i], spans[k] = spans[k], spans[i] })
	b := trace.NewBuilder()
	for _, sp := range spans {
		var raw trace.RawSpan
		tracetest.Copy(b, sp, &raw)
		b.Add(&raw)
	}
	return b.Build()
}

func inTwoPieces(s *trace.Set) *trace.Set {
	pieces := [2]*trace.Builder{trace.NewBuilder(), trace.NewBuilder()}
	n := 0
	each(s, func(sp trace.Span) {
		var raw trace.RawSpan
		b := pieces[n%2]
		n++
		tracetest.Copy(b, sp, &raw)
		b.Add(&raw)
	})
	pieces[0].Merge(pieces[1])
	return pieces[0].Build()
}
