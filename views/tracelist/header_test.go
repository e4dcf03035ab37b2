package tracelist

import (
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/viewstest"
)

// headed is a list of a set with notices, and what the detectors found: by severity from information on, nil for nothing
// known yet.
func headed(t *testing.T, counts []int, notices ...trace.Notice) *List {
	t.Helper()
	b := trace.NewBuilder()
	b.Input("/tmp/exports/incident.json")
	b.Add(&trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: 1}, Name: b.Symbol([]byte("op")), Start: viewstest.Epoch, Duration: 5})
	for _, n := range notices {
		b.Notice(n)
	}
	l := New()
	l.SetSet(b.Build())
	if counts != nil {
		f := Findings{Set: l.Set(), Worst: func(int) *rule.Finding { return nil }}
		copy(f.Counts.By[:], counts)
		l.SetFindings(f)
	}
	return l
}

// TestHeadSaysWhatNeedsCare reads the first line: what is loaded, and at the right what is wrong with it.
func TestHeadSaysWhatNeedsCare(t *testing.T) {
	skipped := trace.Notice{Kind: "skipped-records", Count: 3, Message: "skipped"}
	damaged := trace.Notice{Kind: "damaged-input", Count: 1, Message: "damaged"}
	partial := trace.Notice{Kind: trace.NoticePartial, Count: 1, Message: "partial"}
	for _, c := range []struct {
		name, want string
		list       *List
	}{
		{"nothing known", "", headed(t, nil)},
		{"healthy", "✓ " + diagnose.NoIssues, headed(t, []int{7})},
		{"low", "△ 1 medium · 2 low", headed(t, []int{7, 2, 1})},
		{"severe", "▲ 12 critical · 19 high", headed(t, []int{7, 2, 1, 19, 12})},
		{"skipped", "△ 3 skipped  ✓ " + diagnose.NoIssues, headed(t, []int{0}, skipped)},
		{"all of it", "△ PARTIAL  △ 1 damaged  △ 3 skipped  ▲ 1 critical", headed(t, []int{0, 0, 0, 0, 1}, skipped, damaged, partial)},
	} {
		got := headText(t, c.list, 120)
		left, right, _ := strings.Cut(got, " UTC")
		if left != " incident.json · 1 trace · 1 span · 14:02:11–14:02:11" || strings.TrimSpace(right) != c.want {
			t.Errorf("%s: %q and %q, want %q", c.name, left, right, c.want)
		}
	}
	l := headed(t, []int{0, 0, 0, 0, 1}, skipped, damaged, partial)
	for width := range 130 {
		got := headText(t, l, width)
		if width >= 40 && (!strings.Contains(got, views.Partial) || !strings.Contains(got, "incident.json")) {
			t.Errorf("%d cells: %q lacks what needs care most", width, got)
		}
	}
	l.SetFailures([]string{"a.json: no such file"})
	if got := headText(t, l, 120); !strings.Contains(got, "✗ 1 input not read") {
		t.Errorf("an input that failed: %q", got)
	}
}

// TestHeadSaysThatSecretsAreMasked: it does where there are secrets, and they are not shown.
func TestHeadSaysThatSecretsAreMasked(t *testing.T) {
	l, env := headed(t, []int{7}), viewstest.Env(t)
	for _, of := range [][2]bool{{false, false}, {false, true}, {true, false}, {true, true}} {
		env.Mask, env.Secrets = nil, of[1]
		if of[0] {
			env.Mask = func(_, value string) (string, bool) { return value, false }
		}
		masked := of[0] && of[1]
		grid := draw.NewGrid(120, 1)
		l.Head(grid.All(), env)
		if got := strings.HasSuffix(strings.TrimSpace(grid.Plain()), "masked"); got != masked {
			t.Errorf("masked %v: %q", masked, grid.Plain())
		}
	}
}

// TestHeadIsRedForSevereFindingsOnly looks at the ink: low findings are a warning.
func TestHeadIsRedForSevereFindingsOnly(t *testing.T) {
	theme, err := style.New("dark", false)
	if err != nil {
		t.Fatal(err)
	}
	h := &header{}
	env := &views.Env{Theme: &theme}
	for _, c := range []struct {
		by  [rule.Critical + 1]int
		ink draw.Ink
	}{{[...]int{0, 0, 0, 1, 0}, theme.Error}, {[...]int{9, 1, 0, 0, 0}, theme.Warn}, {[...]int{9, 0, 0, 0, 0}, theme.OK}} {
		parts := h.state(&Findings{Worst: func(int) *rule.Finding { return nil }, Counts: diagnose.Counts{By: c.by}}, 60, env)
		if got := parts[0][0].Ink; got != c.ink {
			t.Errorf("%v is %+v, want %+v", c.by, got, c.ink)
		}
	}
}

// A list says that a file was cut off.
func TestListSaysThatAFileIsTruncated(t *testing.T) {
	for _, cut := range []bool{false, true} {
		l := New()
		l.SetSet(viewstest.TruncatedSet(cut))
		if text := headText(t, l, 80); strings.Contains(text, "△ file truncated") != cut {
			t.Errorf("cut %v:\n%s", cut, text)
		}
	}
}

// TestStoppedBeforeTheFirstTrace stops asking before anything came: that is not a window without traces.
func TestStoppedBeforeTheFirstTrace(t *testing.T) {
	env := viewstest.Env(t)
	env.Key = func(c views.Command) string { return map[views.Command]string{views.Refresh: "R"}[c] }
	for more, want := range map[bool]string{false: "No trace from 14:02–15:02 UTC.", true: "No trace from 14:02–15:02 UTC so far: the rest was not asked for."} {
		l := emptyList()
		l.SetSource(&Source{Window: "14:02–15:02 UTC", More: more, Down: "15:02:00"})
		text := viewstest.Plain(l, env, 80, 20)
		if !strings.Contains(text, want) || strings.Contains(text, "R asks again") != more {
			t.Errorf("more traces %v: no %q in\n%s", more, want, text)
		}
	}
	l := ungrouped()
	l.SetSet(tracetest.Set(t, shops))
	l.SetSource(&Source{Window: "14:02–15:02 UTC", More: true, Down: "15:02:00"})
	if text := headText(t, l, 80); !strings.Contains(text, "14:02–15:02 UTC · 5+ traces") {
		t.Errorf("the head is %q", text)
	}
}

// TestAskedAgainSaysWhatIsNew asks again: that nothing is new is said too, once the answer is there.
func TestAskedAgainSaysWhatIsNew(t *testing.T) {
	set := tracetest.Set(t, shops)
	for _, test := range []struct {
		there   func(trace.TraceID) bool
		loading bool
		want    string
	}{
		{nil, false, "UTC · 5 traces  "},
		{func(trace.TraceID) bool { return true }, true, "UTC · 5 traces  "},
		{func(trace.TraceID) bool { return true }, false, "UTC · 5 traces · none new  "},
		{func(id trace.TraceID) bool { return id != set.Trace(0).ID() }, false, "UTC · 5 traces · 1 new  "},
	} {
		l := ungrouped()
		l.SetSource(&Source{Window: "14:02–15:02 UTC"})
		l.SetBefore(test.there)
		l.SetSet(set)
		l.SetProgress(LoadProgress{Loading: test.loading})
		if text := headText(t, l, 80); !strings.Contains(text, test.want) {
			t.Errorf("the head is %q, want %q", text, test.want)
		}
	}
}

// headText is the line above the list.
func headText(t *testing.T, l *List, width int) string {
	t.Helper()
	grid := draw.NewGrid(width, 1)
	l.Head(grid.All(), viewstest.Env(t))
	viewstest.CheckSize(t, grid)
	return grid.Plain()
}
