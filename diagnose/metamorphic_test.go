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

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// The findings of an incident must not depend on what says nothing about it: the order of the spans in the file,
// when it happened, whether the file came in pieces, and a span more that does nothing.
func TestMetamorphic(t *testing.T) {
	forIncidents(t, func(t *testing.T, before *Report) {
		for _, change := range []struct {
			name  string
			make  func(*trace.Set) *trace.Set
			found func(*Report) string
		}{
			{"shuffled", shuffled, allFindings},
			{"an hour later", func(s *trace.Set) *trace.Set { return rebuilt(s, later(3600e9)) }, allFindings},
			{"in two pieces", inTwoPieces, allFindings},
			{"with an unrelated span", withUnrelated, claims}, // where the time went, to the digit, is another
		} {
			after, err := Run(context.Background(), change.make(before.Set), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := change.found(after), change.found(before); got != want {
				t.Errorf("%s:\n%s\nbefore:\n%s", change.name, got, want)
			}
		}
	})
}

// forIncidents runs a test on what is found in every case that has a finding, in each of its spellings.
func forIncidents(t *testing.T, test func(t *testing.T, before *Report)) {
	t.Helper()
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
				test(t, diagnoseFile(t, filepath.Join(incidents, c.Case+"."+spelling+suffix(spelling))))
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

// claims is what the findings that are more than information say is wrong, and where.
func claims(r *Report) string {
	var lines []string
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Severity > rule.Info {
			lines = append(lines, fmt.Sprintf("%s %s %s ×%d at %s", f.Detector, f.Severity, f.Title, f.Numbers.Count, anchorName(f)))
		}
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

// withUnrelated gives every root that the file has a further child, which does nothing and takes no time to speak of.
func withUnrelated(s *trace.Set) *trace.Set {
	b := trace.NewBuilder()
	each(s, func(sp trace.Span) {
		var raw trace.RawSpan
		tracetest.Copy(b, sp, &raw)
		b.Add(&raw)
		if sp.Parent() >= 0 {
			return
		}
		b.Add(&trace.RawSpan{
			Trace: raw.Trace, ID: trace.SpanID{N: ^sp.ID().N}, Parent: raw.ID, Name: b.Symbol([]byte("tidy up")),
			Kind: trace.KindInternal, Start: raw.Start, Duration: 1, Origin: raw.Origin,
		})
	})
	return b.Build()
}
