package sources

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

type corpusFile struct {
	name, path    string
	spans, traces int
}

// corpus lists the files of the manifest.
func corpus(t testing.TB) []corpusFile {
	t.Helper()
	dir := tracetest.Corpus(t)
	manifest, err := os.ReadFile(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var files []corpusFile
	for _, line := range strings.Split(strings.TrimSpace(string(manifest)), "\n")[1:] {
		field := strings.Split(line, "\t")
		spans, err1 := strconv.Atoi(field[6])
		traces, err2 := strconv.Atoi(field[7])
		if err1 != nil || err2 != nil {
			t.Fatalf("manifest line %q has no counts", line)
		}
		files = append(files, corpusFile{field[0], filepath.Join(dir, field[0]), spans, traces})
	}
	return files
}

// open opens inputs and checks the set's invariants.
func open(t testing.TB, opt Options, inputs ...string) *trace.Set {
	t.Helper()
	result, err := Open(context.Background(), inputs, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := result.Set.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := tracetest.Check(result.Set); err != nil {
		t.Fatal(err)
	}
	return result.Set
}

func duplicates(s *trace.Set) int {
	n := 0
	for i := range s.Len() {
		n += s.Trace(i).Quality().Duplicates
	}
	return n
}

func TestCorpus(t *testing.T) {
	for _, f := range corpus(t) {
		t.Run(f.name, func(t *testing.T) {
			s := open(t, Options{}, f.path)
			if s.Len() != f.traces || s.SpanCount()+duplicates(s) != f.spans {
				t.Errorf("%d traces, %d spans and %d duplicates; the manifest says %d traces, %d spans",
					s.Len(), s.SpanCount(), duplicates(s), f.traces, f.spans)
			}
			for _, n := range s.Notices() {
				t.Log(n)
			}
		})
	}
}

// dump writes everything a set holds, in order.
func dump(s *trace.Set) string {
	var b strings.Builder
	b.Grow(512 * s.SpanCount())
	var text []byte
	attrs := func(a trace.Attrs) { // most of the dump, where Fprintf would take most of the time
		text = text[:0]
		for k, v := range a.All() {
			text = append(append(append(text, ' '), k...), '=')
			text = append(strconv.AppendInt(text, int64(v.Type()), 10), ':')
			text = strconv.AppendQuote(text, v.String())
		}
		b.Write(text)
	}
	for i := range s.Len() {
		t := s.Trace(i)
		fmt.Fprintf(&b, "trace %s %+v\n", t.ID(), t.Quality())
		for k := t.First(); k < t.Len(); k++ {
			sp := t.Span(k)
			attrsN, events, links := sp.Dropped()
			fmt.Fprintf(&b, "%s%s<%s %q %s %s %q %d+%d %v state=%q dropped=%d,%d,%d\n  resource %d scope %q %q\n ",
				strings.Repeat(" ", sp.Depth()), sp.ID(), sp.ParentID(), sp.Name(), sp.Kind(), sp.Status(), sp.StatusMessage(),
				sp.Start(), sp.Duration(), sp.Flags().Names(), sp.TraceState(), attrsN, events, links,
				sp.Resource().Dropped(), sp.Scope().Name(), sp.Scope().Version())
			attrs(sp.Attrs())
			b.WriteString("\n  resource")
			attrs(sp.Resource().Attrs())
			b.WriteString("\n  scope")
			attrs(sp.Scope().Attrs())
			for e := range sp.Events() {
				fmt.Fprintf(&b, "\n  event %q %d", sp.Event(e).Name(), sp.Event(e).Time())
				attrs(sp.Event(e).Attrs())
			}
			for _, l := range sp.Links() {
				fmt.Fprintf(&b, "\n  link %d %s/%s %q", l.Kind(), l.TraceID(), l.SpanID(), l.TraceState())
				attrs(l.Attrs())
			}
			b.WriteString("\n")
		}
	}
	for _, n := range s.Notices() {
		fmt.Fprintf(&b, "notice %s %d %s %v\n", n.Kind, n.Count, n, n.Places)
	}
	return b.String()
}
