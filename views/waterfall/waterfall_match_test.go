package waterfall

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/viewstest"
)

func TestFilterHidesButKeepsAncestorsAndCountsTheRest(t *testing.T) {
	tr := familyTrace(t)
	w := openWaterfall(t, tr)
	matches := make([]bool, tr.Len())
	matches[4] = true
	w.Select(3)
	w.SetMatches(matches, true)
	wantRows(t, w, "0", "1", "2..4", "4", "5..9")
	if got := w.st.index.errors.In(2, 4) + w.st.index.errors.In(5, 9); got != 2 {
		t.Errorf("the hidden rows count %d errors, want both", got)
	}
	viewstest.Do(w, views.Top, views.NextMatch)
	wantSelected(t, w, 4)
	viewstest.Do(w, views.Down, views.Fold) // the hidden row opens
	wantRows(t, w, "0", "1", "2..4", "4", "5", "6", "7", "8")
	viewstest.Do(w, views.Top, views.NextError)
	wantSelected(t, w, 3)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6", "7", "8")
	w.SetMatches(matches, true)
	if got := w.Can(views.Group); got == "" {
		t.Error("repeats can be grouped while others are hidden between them")
	}
	matches[4], matches[2] = false, true
	w.SetMatches(matches, true) // hidden rows end with their parent
	wantRows(t, w, "0", "1", "2", "3..4", "4..5", "5..9")
	w.SetMatches(make([]bool, tr.Len()), true)
	wantRows(t, w, "0..9")
	w.SetMatches(nil, false)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6", "7", "8")
}

func TestSearchAsksAndGoesBack(t *testing.T) {
	tr := familyTrace(t)
	w := openWaterfall(t, tr)
	w.Select(1)
	viewstest.Do(w, views.Search)
	if !w.Typing() {
		t.Fatal("keys do not go to the search")
	}
	viewstest.TypeText(w, "X")
	if got := w.Type(tea.KeyPressMsg{Code: 'q', Text: "q"}); got != (views.Query{Text: "Xq"}) {
		t.Errorf("a key gives %#v, want the query so far", got)
	}
	if got := viewstest.TypeKey(w, tea.KeyBackspace, 0); got != (views.Query{Text: "X"}) {
		t.Errorf("backspace gives %#v, want the query without the last character", got)
	}
	w.SetMatches(MatchText(tr, "X"), false)
	wantSelected(t, w, 6)
	if got := viewstest.TypeKey(w, tea.KeyEnter, 0); got != (views.Query{Text: "X", Done: true}) {
		t.Errorf("enter gives %#v, want the finished query", got)
	}
	viewstest.Do(w, views.NextMatch, views.NextMatch)
	wantSelected(t, w, 8)
	viewstest.Do(w, views.PrevMatch)
	wantSelected(t, w, 7)
	if got := w.Do(views.Back); got != (views.Query{Done: true}) {
		t.Errorf("back gives %#v, want the end of the search", got)
	}
	viewstest.Do(w, views.Search)
	viewstest.TypeText(w, "e")
	w.SetMatches(MatchText(tr, "e"), false)
	wantSelected(t, w, 5)
	if got := viewstest.TypeKey(w, tea.KeyEscape, 0); got != nil || !w.Typing() {
		t.Errorf("esc gives %#v, want the end of the completion only", got)
	}
	if got := viewstest.TypeKey(w, tea.KeyEscape, 0); got != (views.Query{Done: true}) || w.Typing() {
		t.Errorf("esc gives %#v, want the end of the search", got)
	}
	wantSelected(t, w, 7)
	if got := w.Do(views.Back); got != (views.Leave{}) {
		t.Errorf("back with nothing to undo gives %#v, want to leave", got)
	}
}

func TestMatchText(t *testing.T) {
	m := viewstest.NewMaker()
	long := "SELECT * FROM orders WHERE customer_email = 'Someone@Example.org' AND state = 'open'"
	m.Span(0, "Gateway", "POST /Charge", 0, 100, viewstest.Attr("http.response.status_code", 503), viewstest.Attr("db.statement", long), viewstest.Attr("ok", false), viewstest.Failed("Deadline EXCEEDED"),
		func(b *trace.Builder, raw *trace.RawSpan) {
			raw.Events = append(raw.Events, trace.RawEvent{Time: viewstest.TraceStart, Name: b.Symbol([]byte("exception")),
				Attrs: []trace.Attr{viewstest.MakeAttr(b, "exception.type", "java.lang.Überlauf")}})
		})
	tr := m.Trace(t)
	for text, want := range map[string]bool{
		"gateway": true, "charge": true, "POST /c": true, "503": true, "status_code=503": true, "http.response.status_code=5": true,
		"method=503": false, "status_code=03": false, "someone@example": true, "customers": false, "deadline exc": true,
		"EXCEPTION": true, "überlauf": true, "ok=false": true, "0000000001": true, "0000000002": false, "state = 'open'": true, "zz": false,
	} {
		if got := MatchText(tr, text); got[0] != want {
			t.Errorf("%q matches: %v, want %v", text, got[0], want)
		}
	}
	if MatchText(tr, "") != nil {
		t.Error("an empty text finds something")
	}
}

func TestMatchTextAllocatesNothingPerSpan(t *testing.T) {
	small, large := viewstest.WideTrace(t, 10), viewstest.WideTrace(t, 10_000)
	a := testing.AllocsPerRun(5, func() { MatchText(small, "item 99") })
	b := testing.AllocsPerRun(5, func() { MatchText(large, "item 99") })
	if b > a+1 {
		t.Errorf("%v allocations for 10 spans, %v for 10,000", a, b)
	}
}

func TestNothingMatchesWhileOthersAreHidden(t *testing.T) {
	w := New()
	tr := viewstest.CheckoutTrace(t)
	w.SetTrace(tr)
	viewstest.Do(w, views.Search)
	viewstest.TypeText(w, "service=bank-adapter")
	w.SetMatches(MatchText(tr, "bank"), true)
	rows := len(w.st.rows)
	viewstest.TypeText(w, " err") // completed with error
	w.SetMatches(make([]bool, tr.Len()), true)
	if got := viewstest.Plain(w, viewstest.Env(t), 80, 24); len(w.st.rows) != rows || !strings.Contains(got, " 0 of 66 spans") {
		t.Errorf("half a word changes %d rows to %d:\n%s", rows, len(w.st.rows), got)
	}
	viewstest.TypeKey(w, tea.KeyEscape, 0)
	wantRows(t, w, "0..66")
	if got := viewstest.Plain(w, viewstest.Env(t), 80, 24); !strings.Contains(got, "66 spans hidden, 9 errors") {
		t.Errorf("it does not say what is hidden:\n%s", got)
	}
}
