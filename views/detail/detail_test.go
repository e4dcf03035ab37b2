package detail

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/viewstest"
)

const (
	orderSQL = "SELECT o.id, o.total, c.email FROM orders o INNER JOIN customers c ON c.id = o.customer_id WHERE o.state = 'open and waiting' " +
		"AND o.created_at BETWEEN '2026-11-01' AND '2026-11-20' AND c.region IN (SELECT id FROM regions WHERE active) ORDER BY o.created_at DESC LIMIT 50"
	orderJSON = `{"items":[{"sku":"A-1","n":2},{"sku":"B \"7\"","n":1}],"coupons":[],"note":null,"total":129.90}`
	stack     = "java.net.SocketTimeoutException: Read timed out\n\tat java.net.SocketInputStream.read(SocketInputStream.java:150)\n\tat com.acme.pay.Client.charge(Client.java:88)\n"
)

// detailTrace has a failed span with everything a span can have, at index 1.
func detailTrace(t testing.TB) *trace.Trace {
	m := viewstest.NewMaker()
	root := m.Span(0, "api-gateway", "POST /api/checkout", 0, 5_020_000)
	call := m.Span(root, "payment", "POST /charge", 210_000, 880_000, viewstest.Failed("upstream answered 503: Service Unavailable"),
		viewstest.Attr("http.request.method", "POST"), viewstest.Attr("http.response.status_code", 503), viewstest.Attr("retry", true), viewstest.Attr("cost", 0.25),
		viewstest.Attr("db.query.text", orderSQL), viewstest.Attr("order", orderJSON), viewstest.Attr("empty", ""),
		viewstest.Attr("a.very.long.attribute.name.that.someone.thought.was.a.good.idea", "short"),
		viewstest.Attr("user.name", "mallory\x1b[31m\u202egnp.exe"), viewstest.Attr("unicode", "Grüße aus 東京, wir warten auf Antwort vom Zahlungsdienst, bisher vergeblich"),
		func(b *trace.Builder, raw *trace.RawSpan) {
			raw.Kind = trace.KindClient
			raw.State = b.Symbol([]byte("vendor=1"))
			raw.DroppedAttrs = 3
			raw.Events = append(raw.Events,
				trace.RawEvent{Time: raw.Start + 1_200_000, Name: b.Symbol([]byte("retry"))},
				trace.RawEvent{Time: raw.Start + 860_000_000, Name: b.Symbol([]byte("exception")), Attrs: []trace.Attr{
					viewstest.MakeAttr(b, "exception.type", "java.net.SocketTimeoutException"), viewstest.MakeAttr(b, "exception.stacktrace", stack)}})
			raw.Links = append(raw.Links, trace.RawLink{Trace: trace.ParseTraceID("0af7651916cd43dd8448eb211c80319c"), Span: trace.SpanID{N: 0xb7ad6b7169203331}})
		})
	m.Span(call, "bank-adapter", "Authorize", 220_000, 400_000)
	m.Span(call, "bank-adapter", "Authorize", 500_000, 700_000)
	return m.Trace(t)
}

// openDetail shows a span in a pane of 70×60.
func openDetail(t testing.TB, tr *trace.Trace, span int) *Detail {
	t.Helper()
	d := New()
	d.SetSpan(tr, span)
	if tr != nil {
		d.SetFacts(viewstest.FactsOf(tr))
	}
	viewstest.Frame(d, viewstest.Env(t), 70, 60)
	return d
}

// onKey puts the cursor on the first line of the entry with a key.
func onKey(t testing.TB, d *Detail, key string) {
	t.Helper()
	for i, l := range d.lines {
		if d.entries[l.entry].key == key {
			d.Row = i
			return
		}
	}
	t.Fatalf("no entry has the key %q", key)
}

func TestDetailFrames(t *testing.T) {
	for name, open := range map[string]func() *Detail{
		"span": func() *Detail { return openDetail(t, detailTrace(t), 1) },
		"search": func() *Detail {
			d := openDetail(t, detailTrace(t), 1)
			viewstest.Do(d, views.Search)
			viewstest.TypeText(d, "time")
			return d
		},
		"folded": func() *Detail {
			d := openDetail(t, detailTrace(t), 1)
			viewstest.Do(d, views.FoldAll)
			return d
		},
		"chat":     func() *Detail { return openDetail(t, chatTrace(t), 0) },
		"stack":    func() *Detail { return openDetail(t, stackTrace(t), 0) },
		"warnings": func() *Detail { return openDetail(t, viewstest.BrokenTrace(t), 3) },
		"roots":    func() *Detail { return openDetail(t, viewstest.BrokenTrace(t), 0) },
		"empty":    New,
	} {
		t.Run(name, func(t *testing.T) {
			d, env := open(), viewstest.EnvOf(t, views.Scope{Set: detailTrace(t).Set()})
			viewstest.CheckStyles(t, "detail-"+name, d, env)
			viewstest.CheckFrame(t, "detail-"+name+"-80x24", viewstest.Frame(d, env, 80, 24))
			viewstest.CheckFrame(t, "detail-"+name+"-60x50", viewstest.Frame(d, env, 60, 50))
			viewstest.CheckFrame(t, "detail-"+name+"-120x70", viewstest.Frame(d, env, 120, 70))
		})
	}
}

func TestDetailCopies(t *testing.T) {
	d := openDetail(t, detailTrace(t), 1)
	for _, test := range []struct {
		key     string
		command views.Command
		want    views.Copy
	}{
		{"db.query.text", views.CopyValue, views.Copy{What: "db.query.text", Text: orderSQL}},
		{"order", views.CopyLine, views.Copy{What: "order", Text: "order=" + orderJSON}},
		{"http.response.status_code", views.CopyLine, views.Copy{What: "http.response.status_code", Text: "http.response.status_code=503"}},
		{"user.name", views.CopyValue, views.Copy{What: "user.name", Text: "mallory\x1b[31m\u202egnp.exe"}},
		{"exception.stacktrace", views.CopyValue, views.Copy{What: "exception.stacktrace", Text: stack}},
		{"duration", views.CopyLine, views.Copy{What: "duration", Text: "duration=880 ms"}},
		{"message", views.CopyValue, views.Copy{What: "message", Text: "upstream answered 503: Service Unavailable"}},
		{"order", views.CopySpanID, views.Copy{What: "span id", Text: "0000000000000002"}},
		{"order", views.CopyTrace, views.Copy{What: "trace id", Text: viewstest.TraceID.String()}},
	} {
		onKey(t, d, test.key)
		if got := viewstest.Act(d, test.command); got != test.want {
			t.Errorf("%s on %s gives %q, want %q", test.command, test.key, got, test.want)
		}
	}
}

func TestDetailFollowsLinks(t *testing.T) {
	d := openDetail(t, detailTrace(t), 1)
	onKey(t, d, "link")
	want := views.GoTo{Trace: trace.ParseTraceID("0af7651916cd43dd8448eb211c80319c"), Span: trace.SpanID{N: 0xb7ad6b7169203331}}
	if got := viewstest.Act(d, views.Enter); got != want {
		t.Errorf("enter on a link gives %#v, want %#v", got, want)
	}
}

func TestDetailStaysOnTheKeyInTheNextSpan(t *testing.T) {
	tr := viewstest.CheckoutTrace(t)
	d := openDetail(t, tr, 5)
	onKey(t, d, "retry.attempt")
	d.SetSpan(tr, 7)
	viewstest.Frame(d, viewstest.Env(t), 70, 20)
	if got := d.of(d.Row); got.key != "retry.attempt" || got.raw() != "1" {
		t.Errorf("the cursor is on %s=%s, want the next call's retry.attempt", got.key, got.raw())
	}
	d.SetSpan(tr, 6) // has no attributes
	viewstest.Frame(d, viewstest.Env(t), 70, 20)
	if d.Row != 0 {
		t.Errorf("the cursor is on line %d of a span without that key, want the first", d.Row)
	}
}

func TestDetailStaysInTheSection(t *testing.T) {
	m := viewstest.NewMaker()
	root := m.Span(0, "s", "a", 0, 10, viewstest.Attr("service.version", "9"))
	m.Span(root, "s", "b", 0, 10, viewstest.Attr("service.version", "9"))
	d := openDetail(t, m.Trace(t), 0)
	onKey(t, d, "service.name")
	viewstest.Do(d, views.Down) // the resource's service.version
	d.SetSpan(d.t, 1)
	viewstest.Frame(d, viewstest.Env(t), 70, 60)
	if e := d.of(d.Row); e.section != sectionResource || e.key != "service.version" {
		t.Errorf("the cursor is on %s of section %d, want the resource's service.version", e.key, e.section)
	}
}

func TestDetailFolds(t *testing.T) {
	d := openDetail(t, detailTrace(t), 1)
	n := len(d.lines)
	http := part{sectionAttributes, "http.*"}
	onKey(t, d, "http.response.status_code")
	viewstest.Do(d, views.Left)
	if e := d.of(d.Row); e.kind != entryGroup || e.part() != http {
		t.Fatalf("left goes to %+v, want the title of the namespace", e)
	}
	viewstest.Do(d, views.Left)
	if len(d.lines) != n-2 || !d.closed[http] {
		t.Errorf("left on a title leaves %d lines of %d", len(d.lines), n)
	}
	viewstest.Do(d, views.Left, views.Left)
	if e := d.of(d.Row); e.kind != entryTitle || len(d.lines) >= n-2 {
		t.Errorf("further to the left is %+v in %d lines, want the section's title, folded", e, len(d.lines))
	}
	viewstest.Do(d, views.Right, views.Right, views.Right, views.Right)
	if len(d.lines) != n || d.of(d.Row).key != "http.request.method" {
		t.Errorf("right opens to %d lines of %d and goes to %q", len(d.lines), n, d.of(d.Row).key)
	}
	viewstest.Do(d, views.FoldAll)
	if len(d.lines) != 8 {
		t.Errorf("%d lines are left of 8 folded sections", len(d.lines))
	}
	viewstest.Do(d, views.Search)
	viewstest.TypeText(d, "status_code=503")
	if d.closed[part{section: sectionAttributes}] || d.closed[http] || !d.closed[part{sectionAttributes, "other"}] {
		t.Error("a search opens another namespace than that of what it finds")
	}
	viewstest.TypeKey(d, tea.KeyEscape, 0)
	viewstest.Do(d, views.Search)
	viewstest.TypeText(d, "sockettimeout")
	if d.closed[part{section: sectionEvents}] || !d.closed[part{section: sectionScope}] {
		t.Error("a search opens another section than that of what it finds")
	}
	if len(d.search.Found) != 3 {
		t.Errorf("%d lines are found, want the overview's, the type's and the stack's first", len(d.search.Found))
	}
}

func TestDetailSearchWalksAndGoesBack(t *testing.T) {
	d := openDetail(t, detailTrace(t), 1)
	onKey(t, d, "cost")
	at := d.Row
	viewstest.Do(d, views.Search)
	if !d.Typing() {
		t.Fatal("keys do not go to the search")
	}
	viewstest.TypeText(d, "STATUS_CODE=503")
	if len(d.search.Found) != 1 || d.of(d.Row).key != "http.response.status_code" {
		t.Errorf("key=value finds %d lines and goes to %s", len(d.search.Found), d.of(d.Row).key)
	}
	viewstest.TypeKey(d, tea.KeyEnter, 0)
	if got := viewstest.Act(d, views.NextMatch); got != (views.Say{Text: "this is the only match"}) {
		t.Errorf("the next match of one says %v", got)
	}
	if got := viewstest.Act(d, views.Back); got != nil || d.search.Searching() {
		t.Errorf("back gives %v, want the end of the search", got)
	}
	if got := viewstest.Act(d, views.Back); got != (views.Leave{}) {
		t.Errorf("back gives %v, want to leave", got)
	}
	d.Row = at
	viewstest.Do(d, views.Search)
	viewstest.TypeText(d, "authorize nothing")
	viewstest.TypeKey(d, tea.KeyEscape, 0)
	if d.Row != at || d.search.Searching() {
		t.Errorf("esc leaves the cursor on line %d, want %d, and no search", d.Row, at)
	}
}

func TestLongValuesAreShownOnRequest(t *testing.T) {
	m := viewstest.NewMaker()
	long := strings.Repeat("0123456789 ", 1_000_000) + "needle"
	m.Span(0, "s", "x", 0, 10, viewstest.Attr("payload", long))
	d := openDetail(t, m.Trace(t), 0)
	n := len(d.lines)
	if n > 400 {
		t.Errorf("%d lines are laid out before anyone asks", n)
	}
	viewstest.Do(d, views.Search)
	viewstest.TypeText(d, "needle")
	viewstest.TypeKey(d, tea.KeyEnter, 0)
	if d.of(d.Row).key != "payload" {
		t.Errorf("the search goes to %q, want the value whose end it is", d.of(d.Row).key)
	}
	viewstest.Do(d, views.Enter)
	if len(d.lines) < len(long)/70 {
		t.Errorf("%d lines are laid out of %d bytes", len(d.lines), len(long))
	}
	viewstest.Do(d, views.NextMatch)
	if l := d.lines[d.Row]; !strings.Contains(l.text, "needle") {
		t.Errorf("the search goes to %q, want the end of the value", l.text)
	}
	viewstest.Do(d, views.Enter)
	if len(d.lines) != n {
		t.Errorf("%d lines are left, want the %d of the beginning", len(d.lines), n)
	}
}
