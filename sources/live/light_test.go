package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/sources"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// Summarizes reports whether the server lists traces without their spans beside those with them.
func (s *storedServer) Summarizes() bool { return s.summarizes }

func (s *storedServer) Summaries(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	whole := s.dialect
	s.dialect = ask.TraceQL
	defer func() { s.dialect = whole }()
	return s.Find(ctx, part, w, limit)
}

// described writes rows as lines.
func described(r *Rest) string {
	var text strings.Builder
	if r != nil {
		for _, row := range r.Rows {
			fmt.Fprintf(&text, "%s %s %s %s +%s %d %d %d\n", row.ID, row.Service, row.Name, row.Window.From.UTC().Format("15:04:05.000000000"),
				row.Took, row.Spans, row.Errors, row.Services)
		}
	}
	return text.String()
}

// TestRowsOfServers asks the servers that have rows for them, and reads one; and one that has none.
func TestRowsOfServers(t *testing.T) {
	const one, other = first + " cart GET /cart 21:57:27.123456789 ", second + " cart GET /cart 21:57:27.123456789 "
	for _, c := range []struct {
		kind        Kind
		file, rows  string
		asked, kept string // the paths, and the traces that came whole
		read        string // of the first row
	}{
		{
			Jaeger, "jaeger-b.txt", one + "+1.001000001s 3 1 0\n",
			"/api/v3/capabilities /api/v3/trace-summaries /api/v3/trace-summaries", "", first + " 1\n",
		},
		{Auto, "jaeger-c.txt", one + "+1.001000001s 3 1 2\n" + other + "+1.001000001s 3 1 0\n", "/api/v3/capabilities /api/v3/trace-summaries /api/v3/trace-summaries", "", ""},
		{Tempo, "tempo.txt", other + "+1.001s 3 1 2\n" + one + "+1.001s 3 1 2\n", "/api/echo /api/search", "", ""},
		{Jaeger, "jaeger-a.txt", "", "/api/v3/capabilities /api/v3/trace-summaries /api/v3/services /api/v3/traces", second + " 1\n" + first + " 1\n", ""},
	} {
		t.Run(c.file, func(t *testing.T) {
			s := again(t, c.kind, "", written(t, c.file))
			s.loose = []string{"query.serviceName", "query.searchDepth", "query.pagination.pageSize", "query.num_traces", "limit", "startTime", "endTime"}
			feed := sources.NewFeed(sources.Options{})
			a, err := s.Find(t.Context(), Question{Window: hour, Limit: 50, Light: RowsOnly}, feed, nil)
			if err != nil {
				t.Fatal(err)
			}
			is(t, "asked", strings.Join(s.asked, " "), c.asked)
			is(t, "rows", described(a.Rest), c.rows)
			is(t, "whole", spans(feed.Set()), c.kept)
			if said := slices.Contains(kinds(a), NoticeNoRows); said != (c.rows == "") || !a.Whole() {
				t.Errorf("%+v", a)
			}
			if c.read == "" {
				return
			}
			done, err := a.Rest.Read(t.Context(), a.Rest.Rows[:1], feed)
			if err != nil || !slices.Equal(done, []trace.TraceID{trace.ParseTraceID(first)}) {
				t.Error(done, err)
			}
			is(t, "read", spans(feed.Set()), c.read)
		})
	}
}

// TestRowsInsteadOfTraces asks with each limit for rows: all come, so many at a time as are asked for, and none is read.
func TestRowsInsteadOfTraces(t *testing.T) {
	for _, dialect := range []ask.Dialect{ask.Tags, ask.TraceQL} {
		for _, most := range []int{5, 100, 148, 0} {
			s := &storedServer{dialect: dialect, summarizes: true, traces: spread(148), most: most, order: newestFirstOrder}
			feed := sources.NewFeed(sources.Options{Workers: 1})
			search := backendOf(s).Search(Question{Window: oneHour, Light: RowsOnly})
			a, err := search.More(context.Background(), 20, feed, nil)
			if err != nil || a.Rest == nil || len(a.Rest.Rows) != 20 || a.Rest.Rows[0].ID.Lo != 148 || a.Whole() {
				t.Fatalf("limit %d: %+v, %v", most, a, err)
			}
			if a, err = search.More(context.Background(), 0, feed, nil); err != nil || len(a.Rest.Rows) != 148 || !a.Whole() || feed.Traces() > 0 {
				t.Errorf("limit %d: %d traces, %+v, %v", most, feed.Traces(), a, err)
			}
			for i, r := range a.Rest.Rows {
				if r.ID.Lo != uint64(148-i) || r.Open {
					t.Fatalf("row %d is %+v", i, r)
				}
			}
			if n := len(s.requests) - s.searches(); n > 0 {
				t.Errorf("%d traces were read", n)
			}
		}
	}
}

// TestLargeTracesBecomeRows: a server that has summaries is asked for them from the slice on after which its traces are
// known to be large; then what was read is no row.
func TestLargeTracesBecomeRows(t *testing.T) {
	for _, c := range []struct {
		name       string
		big        int
		summarizes bool
		light      Light
		read       int // of 300 in slices of at most 100
	}{
		{"small", 1 << 10, true, Sparing, 300},
		{"large", 300 << 10, true, Sparing, 100},
		{"large, to be read whole", 300 << 10, true, Whole, 300},
		{"large, without summaries", 300 << 10, false, Sparing, 300},
	} {
		s := &storedServer{summarizes: c.summarizes, traces: spread(300), order: newestFirstOrder, big: c.big}
		feed, a := ask1(t, s, Question{Window: oneHour, Light: c.light})
		rows := 0
		if a.Rest != nil {
			rows = len(a.Rest.Rows)
		}
		if feed.Traces()+rows != 300 || feed.Traces() != c.read || !a.Whole() {
			t.Errorf("%s: %d traces, %d rows", c.name, feed.Traces(), rows)
		}
		if a.Rest == nil {
			continue
		}
		if done, err := a.Rest.Read(t.Context(), a.Rest.Rows[:3], feed); err != nil || len(done) != 3 || feed.Traces() != c.read+3 {
			t.Errorf("%s: %v, %v", c.name, done, err)
		}
	}
}

// TestRowsThatAreUndecided: a row is of a trace that matches where the server answered the whole query, else nobody knows
// yet. A trace that is gone is no row any more, and any other failure leaves the rows.
func TestRowsThatAreUndecided(t *testing.T) {
	s := &storedServer{dialect: ask.TraceQL, traces: spread(4), order: newestFirstOrder}
	for text, open := range map[string]bool{"name=op": false, "name=op depth=0": true} {
		feed, a := ask1(t, s, Question{Query: parsed(t, text), Window: oneHour, Light: Sparing, Match: having("a", "b")})
		if a.Rest == nil || len(a.Rest.Rows) != 4 || a.Rest.Rows[0].Open != open || feed.Traces() > 0 {
			t.Errorf("%s: %+v", text, a.Rest)
		}
	}
	feed, a := ask1(t, s, Question{Window: oneHour, Light: Sparing})
	s.traces = s.traces[:3]
	if done, err := a.Rest.Read(t.Context(), a.Rest.Rows[:1], feed); err != nil || len(done) != 1 || feed.Traces() > 0 {
		t.Error("gone:", done, err, feed.Traces())
	}
	ended, end := context.WithDeadline(t.Context(), time.Now())
	defer end()
	if done, err := a.Rest.Read(ended, a.Rest.Rows[1:], feed); err == nil || len(done) > 0 {
		t.Error("ended:", done)
	}
}
