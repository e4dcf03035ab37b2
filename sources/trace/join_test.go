package trace_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/trace"
)

// part is a span as Zipkin may report it, in one part or in several.
type part struct {
	id, parent uint64
	kind       trace.Kind
	service    string
	name       string
	start, dur int64 // ms; dur < 0: not known
	tag        string
}

func addParts(b *trace.Builder, id trace.TraceID, inParts bool, parts ...part) {
	for _, p := range parts {
		raw := trace.RawSpan{
			Trace: id, ID: trace.SpanID{N: p.id}, Parent: trace.SpanID{N: p.parent}, Kind: p.kind,
			Name: b.Symbol([]byte(p.name)), Start: p.start * 1e6, Duration: p.dur * 1e6,
		}
		if p.dur < 0 {
			raw.Duration = trace.NoDuration
		}
		if key, value, ok := strings.Cut(p.tag, "="); ok {
			raw.Attrs = append(raw.Attrs, b.String(b.Symbol([]byte(key)), []byte(value)))
		}
		var attrs []trace.Attr
		if p.service != "" {
			attrs = append(attrs, b.String(b.Symbol([]byte("service.name")), []byte(p.service)))
		}
		origin := b.Origin
		if inParts {
			origin = b.OriginInParts
		}
		raw.Origin = origin(b.Resource(attrs, 0), b.Scope(0, 0, nil, 0))
		b.Add(&raw)
	}
}

func shapes(s *trace.Set) []string {
	var all []string
	for n := range s.Len() {
		t := s.Trace(n)
		for i := t.First(); i < t.Len(); i++ {
			s := t.Span(i)
			line := fmt.Sprintf("%s %s %s %s %d+%d", strings.TrimLeft(s.ID().String(), "0"), s.Service(), s.Name(), s.Kind(), s.Start()/1e6, s.Duration()/1e6)
			for key, v := range s.Attrs().All() {
				line += " " + key + "=" + v.Text()
			}
			all = append(all, line)
		}
	}
	return all
}

// clientParts are a call of which the client was reported in three parts and the server in two.
var clientParts = []part{
	{1, 0, trace.KindServer, "front", "get", 1, 100, ""},
	{2, 1, trace.KindClient, "front", "post", 10, -1, "phase=begun"},
	{2, 1, trace.KindServer, "back", "", 20, 10, ""},
	{2, 0, trace.KindClient, "", "", 10, 50, "phase=done"},
	{2, 1, trace.KindUnspecified, "back", "post", 20, -1, "rows=7"},
	{2, 1, trace.KindClient, "front", "", 0, -1, "proxy=p1"},
}

func TestPartsOfASpanAreJoined(t *testing.T) {
	want := []string{
		"1 front get server 1+100",
		"2 front post client 10+50 phase=done proxy=p1",
		"2#2 back post server 20+10 rows=7",
	}
	b := trace.NewBuilder()
	addParts(b, trace.TraceID{Lo: 7}, true, clientParts...)
	snapshot := b.Snapshot() // shares what is stored with the builder, which goes on
	addParts(b, trace.TraceID{Lo: 8}, true, part{1, 0, trace.KindServer, "later", "get", 200, 1, "later=yes"})
	later := append(slices.Clone(want), "1 later get server 200+1 later=yes")
	for name, s := range map[string]*trace.Set{"built": b.Build(), "snapshot": snapshot} {
		check(t, s)
		want := want
		if name == "built" {
			want = later
		}
		if got := shapes(s); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		if q := s.Trace(0).Quality(); q.Parts != 3 || q.SharedIDs != 1 || q.Collisions != 0 {
			t.Errorf("%s: quality %+v", name, q)
		}
	}
}

func TestWhatIsNoPartStaysApart(t *testing.T) {
	whole := part{2, 0, trace.KindClient, "front", "post", 10, 50, ""}
	for name, other := range map[string]part{
		"another service": {2, 0, trace.KindClient, "back", "", 10, -1, ""},
		"another name":    {2, 0, trace.KindClient, "front", "get", 10, -1, ""},
		"another start":   {2, 0, trace.KindClient, "front", "", 11, -1, ""},
		"another end":     {2, 0, trace.KindClient, "front", "", 10, 51, ""},
		"as whole":        {2, 0, trace.KindClient, "front", "post", 10, 50, "a=b"},
	} {
		b := trace.NewBuilder()
		addParts(b, trace.TraceID{Lo: 7}, true, whole, other)
		s := b.Build()
		check(t, s)
		if s.SpanCount() != 2 || s.Trace(0).Quality().Collisions != 1 {
			t.Errorf("%s: %q", name, shapes(s))
		}
	}
	b := trace.NewBuilder()
	addParts(b, trace.TraceID{Lo: 7}, false, whole, part{2, 0, trace.KindClient, "front", "", 10, -1, ""})
	if s := b.Build(); s.SpanCount() != 2 {
		t.Errorf("a format without parts: %q", shapes(s))
	}
}

// TestManyPartsAreLinear joins a span that a hostile input reports in a hundred thousand parts.
func TestManyPartsAreLinear(t *testing.T) {
	b := trace.NewBuilder()
	for i := range 100_000 {
		addParts(b, trace.TraceID{Lo: 7}, true, part{2, 0, trace.KindClient, "front", "post", 10, -1, fmt.Sprintf("k%d=v", i)})
	}
	s := b.Build() // squared, it would take minutes
	if s.SpanCount() != 1 || s.Trace(0).Span(0).Attrs().Len() != 100_000 {
		t.Errorf("%d spans", s.SpanCount())
	}
}

func TestTracesOf64And128Bits(t *testing.T) {
	build := func(join bool, ids ...trace.TraceID) *trace.Set {
		b := trace.NewBuilder()
		for n, id := range ids {
			addParts(b, id, false, part{uint64(n + 1), uint64(n), trace.KindServer, "s", "op", int64(n + 1), 10, ""})
		}
		if join {
			b.JoinIDs()
		}
		s := b.Build()
		check(t, s)
		return s
	}
	said := func(s *trace.Set) (text string) {
		for _, n := range s.Notices() {
			if n.Kind == trace.NoticeMixedIDs {
				text += fmt.Sprintf("%d %s;", n.Count, n.Message)
			}
		}
		return text
	}
	long, short := trace.TraceID{Hi: 3, Lo: 7}, trace.TraceID{Lo: 7}
	if s := build(false, long, short); s.Len() != 2 || !strings.Contains(said(s), "--join-ids") {
		t.Errorf("apart: %d traces, %q", s.Len(), said(s))
	}
	s := build(true, long, short, trace.TraceID{Hi: 4, Lo: 8})
	if s.Len() != 2 || s.Trace(0).ID() != long || s.Trace(0).SpanCount() != 2 || !strings.Contains(said(s), ", joined") {
		t.Errorf("joined: %d traces, %q", s.Len(), said(s))
	}
	if s := build(true, long, short, trace.TraceID{Hi: 4, Lo: 7}); s.Len() != 3 || !strings.Contains(said(s), "matches several") {
		t.Errorf("two candidates: %d traces, %q", s.Len(), said(s))
	}
	if s := build(true, long, trace.TraceID{Lo: 8}, trace.TraceID{Text: "7"}); s.Len() != 3 || said(s) != "" {
		t.Errorf("nothing to join: %d traces, %q", s.Len(), said(s))
	}
}

func TestFailureText(t *testing.T) {
	for _, text := range []string{"", " ", "-", "0", "false", "FALSE", "No", "none", "NULL", "nil", "<nil>", "unset", "Ok", "OK", "undefined", "STATUS_CODE_UNSET"} {
		if trace.FailureText(text) {
			t.Errorf("%q says that the span failed", text)
		}
	}
	for _, text := range []string{"true", "1", "500", "yes", "not ok", "connection refused", "error", "E", "no route to host", "okay?"} {
		if !trace.FailureText(text) {
			t.Errorf("%q does not say that the span failed", text)
		}
	}
}
