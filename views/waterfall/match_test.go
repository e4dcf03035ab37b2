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
	if got := w.rows.index.errors.In(2, 4) + w.rows.index.errors.In(5, 9); got != 2 {
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
	if got := viewstest.Why(w, views.Group); got == "" {
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
	w.SetMatches(matchText(tr, "X"), false)
	wantSelected(t, w, 6)
	if got := viewstest.TypeKey(w, tea.KeyEnter, 0); got != (views.Query{Text: "X", Done: true}) {
		t.Errorf("enter gives %#v, want the finished query", got)
	}
	viewstest.Do(w, views.NextMatch, views.NextMatch)
	wantSelected(t, w, 8)
	viewstest.Do(w, views.PrevMatch)
	wantSelected(t, w, 7)
	if got := viewstest.Act(w, views.Back); got != (views.Query{Done: true}) {
		t.Errorf("back gives %#v, want the end of the search", got)
	}
	viewstest.Do(w, views.Search)
	viewstest.TypeText(w, "e")
	w.SetMatches(matchText(tr, "e"), false)
	wantSelected(t, w, 5)
	if got := viewstest.TypeKey(w, tea.KeyEscape, 0); got != nil || !w.Typing() {
		t.Errorf("esc gives %#v, want the end of the completion only", got)
	}
	if got := viewstest.TypeKey(w, tea.KeyEscape, 0); got != (views.Query{Done: true}) || w.Typing() {
		t.Errorf("esc gives %#v, want the end of the search", got)
	}
	wantSelected(t, w, 7)
	if got := viewstest.Act(w, views.Back); got != (views.Leave{}) {
		t.Errorf("back with nothing to undo gives %#v, want to leave", got)
	}
}

func TestNothingMatchesWhileOthersAreHidden(t *testing.T) {
	w := New()
	tr := viewstest.CheckoutTrace(t)
	w.SetTrace(tr)
	viewstest.Do(w, views.Search)
	viewstest.TypeText(w, "service=bank-adapter")
	w.SetMatches(matchText(tr, "bank"), true)
	rows := len(w.rows.list)
	viewstest.TypeText(w, " err") // completed with error
	w.SetMatches(make([]bool, tr.Len()), true)
	if got := viewstest.Plain(w, viewstest.Env(t), 80, 24); len(w.rows.list) != rows || !strings.Contains(got, " 0 of 66 spans") {
		t.Errorf("half a word changes %d rows to %d:\n%s", rows, len(w.rows.list), got)
	}
	viewstest.TypeKey(w, tea.KeyEscape, 0)
	wantRows(t, w, "0..66")
	if got := viewstest.Plain(w, viewstest.Env(t), 80, 24); !strings.Contains(got, "66 spans hidden, 9 errors") {
		t.Errorf("it does not say what is hidden:\n%s", got)
	}
}

// What the filter says to be hidden and the spans that have rows are all spans, folds or not.
func TestShownAndHiddenAreAllSpans(t *testing.T) {
	for _, tr := range []*trace.Trace{viewstest.CheckoutTrace(t), viewstest.BrokenTrace(t), familyTrace(t)} {
		for _, word := range []string{"bank", "mailer", "likes", "e", "nothing of the kind"} {
			w := openWaterfall(t, tr)
			w.SetMatches(matchText(tr, word), true)
			check := func(when string) {
				t.Helper()
				shown, hidden := 0, 0
				for _, r := range w.rows.list {
					n := w.rows.spansIn(int(r.span), int(r.end))
					if r.kind == hiddenRow {
						hidden += n
					} else {
						shown += w.rows.spansIn(int(r.span), int(r.span)+1)
					}
				}
				if hidden != w.rows.hidden || shown+hidden != tr.SpanCount() {
					t.Errorf("%q %s: %d shown and %d hidden of %d, it says %d hidden", word, when, shown, hidden, tr.SpanCount(), w.rows.hidden)
				}
			}
			check("at first")
			said := w.rows.hidden
			viewstest.Do(w, views.FoldAll)
			if w.rows.hidden != said {
				t.Errorf("%q: folded, %d are hidden, %d before", word, w.rows.hidden, said)
			}
			viewstest.Do(w, views.OpenAll)
			w.Select(tr.Len() - 1)
			check("with a span opened")
		}
	}
	w := openWaterfall(t, viewstest.CheckoutTrace(t))
	w.SetQuery("service=bank-adapter")
	w.SetMatches(matchText(w.Trace(), "bank"), true)
	if got := viewstest.Plain(w, viewstest.Env(t), 120, 30); !strings.Contains(got, "5 of 66 spans match, 55 hidden") {
		t.Errorf("it does not say how many are hidden:\n%s", got)
	}
}

// matchText tells of every span whether its service, its operation, its status, or an attribute of it or of its events
// contains a text, whatever the case.
func matchText(t *trace.Trace, text string) []bool {
	matches := make([]bool, t.Len())
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		texts := []string{s.Service(), s.Name(), s.StatusMessage()}
		for key, value := range s.Attrs().All() {
			texts = append(texts, key, value.String())
		}
		for k := range s.Events() {
			texts = append(texts, s.Event(k).Name())
			for key, value := range s.Event(k).Attrs().All() {
				texts = append(texts, key, value.String())
			}
		}
		matches[i] = strings.Contains(strings.ToLower(strings.Join(texts, "\n")), strings.ToLower(text))
	}
	return matches
}
