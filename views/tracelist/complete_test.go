package tracelist

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/query"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/viewstest"
)

// typingList is a list of traces with their vocabulary, in which a query is being typed.
func typingList(t testing.TB, text string) *List {
	t.Helper()
	l := New()
	set := viewstest.ListSet(t, 300, "incident.jsonl")
	l.SetSet(set)
	l.SetVocabulary(query.BuildVocabulary(set, nil))
	l.SetHistory([]string{"error=true", "duration>1s", "error=true kind=client"})
	viewstest.Act(l, views.Search)
	if text != "" {
		l.Type(viewstest.Press(text))
	}
	return l
}

// suggested are the texts of the completion.
func suggested(l *List) []string {
	var texts []string
	for _, s := range l.Popup.List {
		texts = append(texts, s.Text)
	}
	return texts
}

func TestCompletionOpensForAWordOnly(t *testing.T) {
	for _, c := range []struct {
		text string
		open bool
	}{
		{"", false}, {"dur", true}, {"duration", true}, {"duration>", true}, {"duration>1s", false}, {"error=true", false},
		{"error=true ", false}, {"error=true d", true}, {"service=", true}, {"xyzzy", false}, {`"free text`, false}, {"(", false},
	} {
		if l := typingList(t, c.text); l.Popup.Open() != c.open {
			t.Errorf("%q: the completion shows %v", c.text, suggested(l))
		}
	}
	l := typingList(t, "")
	if l.Type(viewstest.Press("tab")); !l.Popup.Open() {
		t.Error("tab does not open the completion of nothing")
	}
}

func TestTabInsertsAndGoesOn(t *testing.T) {
	l := typingList(t, "service=")
	all := suggested(l)
	if len(all) < 3 {
		t.Fatalf("the services are %v", all)
	}
	if got := l.Type(viewstest.Press("tab")); got != (views.Query{Text: "service=" + all[0]}) {
		t.Errorf("tab gives %#v, want the query with %s", got, all[0])
	}
	if got := l.Type(viewstest.Press("tab")); got != (views.Query{Text: "service=" + all[1]}) {
		t.Errorf("tab again gives %#v, want %s in its place", got, all[1])
	}
	l.Type(viewstest.Press("up"))
	l.Type(viewstest.Press("up"))
	last := all[len(all)-1]
	if got := l.Type(viewstest.Press("tab")); got != (views.Query{Text: "service=" + last}) {
		t.Errorf("two up and tab give %#v, want the last, %s", got, last)
	}
	l.Type(viewstest.Press(" "))
	if l.Popup.Open() || l.Input.Text() != "service="+last+" " {
		t.Errorf("after a blank %q is completed with %v", l.Input.Text(), suggested(l))
	}
	if got := l.Type(viewstest.Press("enter")); got != (views.Query{Text: "service=" + last + " ", Done: true}) || l.Typing() {
		t.Errorf("enter gives %#v, want the finished query", got)
	}
}

func TestTabCompletesInTheMiddle(t *testing.T) {
	l := typingList(t, "dur error=true")
	for range len(" error=true") {
		l.Type(viewstest.Press("left"))
	}
	l.Type(viewstest.Press("a")) // dura| error=true
	if got := l.Type(viewstest.Press("tab")); got != (views.Query{Text: "duration error=true"}) {
		t.Errorf("tab gives %#v", got)
	}
	l.Type(viewstest.Press(">"))
	l.Type(viewstest.Press("1"))
	if got := l.Input.Text(); got != "duration>1 error=true" {
		t.Errorf("the cursor is not behind what was inserted: %q", got)
	}
}

func TestEnterRunsWhatIsThere(t *testing.T) {
	l := typingList(t, "dur")
	if got := l.Type(viewstest.Press("enter")); got != (views.Query{Text: "dur", Done: true}) {
		t.Errorf("enter inserts the completion: %#v", got)
	}
}

func TestEscClosesTheCompletionFirst(t *testing.T) {
	l := typingList(t, "dur")
	if got := l.Type(viewstest.Press("esc")); got != nil || l.Popup.Open() || !l.Typing() {
		t.Errorf("the first esc gives %#v, typing %t", got, l.Typing())
	}
	if got := l.Type(viewstest.Press("esc")); got != (views.Query{}) || l.Typing() {
		t.Errorf("the second esc gives %#v, typing %t", got, l.Typing())
	}
}

func TestHistoryIsWalked(t *testing.T) {
	l := typingList(t, "")
	walk := func(keys ...string) (texts []string) {
		for _, k := range keys {
			l.Type(viewstest.Press(k))
			texts = append(texts, l.Input.Text())
		}
		return texts
	}
	want := []string{"error=true kind=client", "duration>1s", "error=true", "error=true", "duration>1s"}
	if got := walk("up", "up", "up", "up", "down"); !slices.Equal(got, want) {
		t.Errorf("up and down walk to %q, want %q", got, want)
	}
	if got := walk("down", "down", "down"); got[2] != "" {
		t.Errorf("down ends with %q, want what was typed", got)
	}
	l.SetQuery("kind=server")
	viewstest.Act(l, views.Search)
	if got := walk("up", "down"); !slices.Equal(got, []string{"error=true kind=client", "kind=server"}) {
		t.Errorf("from a query that stands in the line the history gives %q", got)
	}
	// What was typed chooses: only the queries that begin with it come up.
	l = typingList(t, "error=true")
	if got := walk("up", "up", "down"); !slices.Equal(got, []string{"error=true kind=client", "error=true kind=client", "error=true"}) {
		t.Errorf("with error=true typed the history gives %q", got)
	}
	if got := l.Type(viewstest.Press("up")); got != (views.Query{Text: "error=true kind=client"}) {
		t.Errorf("a query of the past is not asked: %#v", got)
	}
}

// TestEnterTakesWhatWasChosen goes to the second suggestion and takes it by enter; the next enter runs the query. Without
// having gone anywhere enter runs what was typed.
func TestEnterTakesWhatWasChosen(t *testing.T) {
	l := typingList(t, "kind=")
	second := l.Popup.List[1].Text
	l.Type(viewstest.Press("down"))
	want := "kind=" + second
	if got := l.Type(viewstest.Press("enter")); got != (views.Query{Text: want}) || !l.Typing() || l.Popup.Open() {
		t.Errorf("down and enter give %#v, want %s in the line", got, want)
	}
	if got := l.Type(viewstest.Press("enter")); got != (views.Query{Text: want, Done: true}) || l.Typing() {
		t.Errorf("enter gives %#v, want %s to run", got, want)
	}
	l = typingList(t, "kin")
	if got := l.Type(viewstest.Press("enter")); got != (views.Query{Text: "kin", Done: true}) {
		t.Errorf("enter after typing gives %#v, want what was typed", got)
	}
}

func TestTabAsksForMatchesApart(t *testing.T) {
	l := typingList(t, "error=true kind=client ")
	l.SetFilter(&Filter{Set: l.Set(), Apart: 12})
	for _, want := range []string{"0 spans match all; 12 traces match on different spans: press tab"} {
		if got := viewstest.Plain(l, viewstest.Env(t), 80, 24); !strings.Contains(got, want) {
			t.Errorf("the list does not say %q:\n%s", want, got)
		}
	}
	if got := l.Type(viewstest.Press("tab")); got != (views.Apart{}) {
		t.Errorf("tab gives %#v, want what matches apart", got)
	}
	l.Type(viewstest.Press("d"))
	if got := l.Type(viewstest.Press("tab")); got == (views.Apart{}) {
		t.Error("tab asks for an answer that is gone, or goes before the completion")
	}
}

func TestHalfAWordNeverBlanksTheScreen(t *testing.T) {
	l := typingList(t, "service=c")
	nothing := &Filter{Spans: []int{}}
	l.SetFilter(nothing)
	if got := viewstest.Plain(l, viewstest.Env(t), 80, 24); l.Rows() != 300 || !strings.Contains(got, "0 of 300 traces") {
		t.Errorf("%d rows of 300 while the word is being written:\n%s", l.Rows(), got)
	}
	if l.Type(viewstest.Press("esc")); l.Rows() != 0 {
		t.Errorf("%d rows when the completion is closed, want the answer", l.Rows())
	}
	l = typingList(t, "durati")
	l.SetFilter(nothing)
	if l.Type(viewstest.Press("on>5")); l.Rows() != 300 {
		t.Errorf("the answer to half a word is shown for the whole: %d rows", l.Rows())
	}
	l = typingList(t, "service=c")
	l.SetFilter(nothing)
	l.Type(viewstest.Press("enter"))
	if l.SetFilter(nothing); l.Rows() != 0 {
		t.Errorf("%d rows for a finished query, want the answer", l.Rows())
	}
}

func TestTheVocabularyMayComeLate(t *testing.T) {
	l := typingList(t, "")
	l.SetVocabulary(nil)
	l.Type(viewstest.Press("service="))
	if l.Popup.Open() {
		t.Fatalf("values without a vocabulary: %v", suggested(l))
	}
	words := query.BuildVocabulary(l.Set(), nil)
	l.SetVocabulary(words)
	if !l.Popup.Open() {
		t.Error("the words that came are not offered for what was typed")
	}
	l.SetVocabulary(nil)
	l.Type(viewstest.Press("left"))
	if l.SetVocabulary(words); l.Popup.Open() {
		t.Error("the completion opens at another place than where it was typed")
	}
	l.SetVocabulary(nil)
	l.Type(viewstest.Press("end"))
	l.Type(viewstest.Press("b error=true "))
	if l.SetVocabulary(words); l.Popup.Open() {
		t.Error("the completion opens where any key could follow")
	}
}

func TestTabWaitsForTheVocabulary(t *testing.T) {
	l := typingList(t, "")
	words := query.BuildVocabulary(l.Set(), nil)
	l.SetVocabulary(nil)
	l.Type(viewstest.Press("service="))
	if got := l.Type(viewstest.Press("tab")); got != nil || l.Popup.Open() {
		t.Fatalf("tab without a vocabulary gives %#v and %v", got, suggested(l))
	}
	l.SetVocabulary(words)
	if !l.Popup.Open() {
		t.Error("what tab asked for does not open when the words are there")
	}
	l.SetVocabulary(nil)
	l.Type(viewstest.Press("esc"))
	l.Type(viewstest.Press("tab"))
	l.Type(viewstest.Press("left"))
	l.SetVocabulary(words)
	if l.Popup.Open() {
		t.Error("the completion opens at another place than where it was asked for")
	}
}

func TestHelpIsReachedFromTyping(t *testing.T) {
	for _, key := range []string{"f1", "alt+h"} {
		l := typingList(t, "dur")
		if got := l.Type(viewstest.Press(key)); got != (views.Run{Command: views.QueryHelp}) || !l.Typing() || l.Input.Text() != "dur" {
			t.Errorf("%s gives %#v", key, got)
		}
	}
}

func TestCompletionTakesTheMouse(t *testing.T) {
	l := typingList(t, "service=")
	all := suggested(l)
	viewstest.Frame(l, viewstest.Env(t), 80, 24)
	b := l.Popup.Box
	if got := l.Mouse(views.Mouse{X: b.X + 4, Y: l.Popup.First + 1}); got != (views.Query{Text: "service=" + all[1]}) || l.Popup.Open() {
		t.Errorf("a click on %s gives %#v", all[1], got)
	}
	l = typingList(t, "service=")
	viewstest.Frame(l, viewstest.Env(t), 80, 24)
	if got := l.Mouse(views.Mouse{X: 70, Y: 20}); got != nil || l.Popup.Open() || l.Input.Text() != "service=" {
		t.Errorf("a click beside the completion gives %#v", got)
	}
}

// TestCompletionNeverCoversTheQuery draws lists of every length at every height and cursor.
func TestCompletionNeverCoversTheQuery(t *testing.T) {
	env := viewstest.Env(t)
	for _, text := range []string{"d", "service=", strings.Repeat("service=cart ", 12) + "d"} {
		for h := 2; h < 45; h++ {
			for _, w := range []int{20, 40, 80, 120} {
				l := typingList(t, text)
				grid := draw.NewGrid(w, h)
				l.Draw(grid.All(), env)
				lines := strings.Split(grid.Plain(), "\n")
				shown := text[max(len(text)-8, 0):]
				if !strings.Contains(lines[l.Line.Y], shown) {
					t.Fatalf("%d×%d: line %d is %q, want %q in it", w, h, l.Line.Y, lines[l.Line.Y], shown)
				}
			}
		}
	}
}

func TestCompletionFrames(t *testing.T) {
	env := viewstest.Env(t)
	viewstest.CheckFrames(t, "complete-keys", typingList(t, "er"), env)
	values := typingList(t, "kind=client service=")
	values.Type(viewstest.Press("down"))
	viewstest.CheckFrames(t, "complete-values", values, viewstest.EnvOf(t, views.Scope{Set: values.Set()}))
	wrong := typingList(t, "duration>5 d")
	wrong.SetQueryError(prompt.Error{Offset: 9, Length: 1, Message: "a duration needs a unit; did you mean 5s?"})
	viewstest.CheckFrames(t, "complete-error", wrong, viewstest.EnvOf(t, views.Scope{Set: wrong.Set()}))
	apart := typingList(t, "duration>5s http.status_code=503")
	apart.SetFilter(&Filter{Set: apart.Set(), Apart: 12, Took: 1, Spans: []int{}})
	viewstest.CheckFrames(t, "complete-apart", apart, env)
}

// TestTypingTakesAnything is about the query line: completion and history at any size.
func TestTypingTakesAnything(t *testing.T) {
	stir := func(s views.Screen, rng *rand.Rand) {
		l := s.(*List)
		switch rng.IntN(5) {
		case 0:
			l.SetFilter(&Filter{Set: l.Set(), Apart: rng.IntN(3), Notes: []string{"no span has \x1b[31m"}})
		case 1:
			l.SetFilter(nil)
		case 2:
			l.SetQueryError(prompt.Error{Offset: rng.IntN(30) - 1, Length: rng.IntN(20), Message: "wrong"})
		case 3:
			l.SetQuery([]string{"", "duration>1s", "日本 = \"é"}[rng.IntN(3)])
		default:
			viewstest.Act(l, views.Search)
			for _, key := range []string{"service", "=", "tab", "down", "tab"}[:rng.IntN(6)] {
				l.Type(viewstest.Press(key))
			}
		}
	}
	viewstest.CheckAnything(t, viewstest.Env(t), 6, 1500, func() views.Screen { return typingList(t, "") }, stir)
}
