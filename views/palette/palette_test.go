package palette

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/prompt"
	"tracefall/views/viewstest"
)

var _ views.Screen = (*Palette)(nil)

// testItems are a small program's commands, services and operations.
func testItems() []Item {
	command := func(text, keys string, c views.Command, disabled string) Item {
		return Item{Kind: KindCommand, Text: text, Keys: keys, Disabled: disabled, Action: views.Run{Command: c}}
	}
	narrow := func(kind Kind, field, text, note string) Item {
		return Item{Kind: kind, Text: text, Note: note, Action: views.Narrow{Field: field, Value: text}}
	}
	return []Item{
		command("next error", "e", views.NextError, ""),
		command("previous error", "E", views.PrevError, ""),
		command("jump to the root cause", "r", "root-cause", "the trace has no errors"),
		command("critical path", "c", "critical-path", ""),
		command("copy the trace id", "y", views.CopyTrace, ""),
		narrow(PaletteService, "service", "payment", "155 spans · 4 errors"),
		narrow(PaletteService, "service", "api-gateway", "1,204 spans"),
		narrow(PaletteService, "service", "paymentRefunds", "12 spans"),
		narrow(PaletteOperation, "name", "POST /charge", "payment · 50 spans"),
		narrow(PaletteOperation, "name", "GET /api/payments/{id}", "api-gateway · 31 spans"),
		narrow(PaletteOperation, "name", "/hipstershop.PaymentService/Charge", "checkout · 12 spans"),
	}
}

func TestPaletteRanks(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"payment", []string{"payment", "paymentRefunds", "GET /api/payments/{id}", "/hipstershop.PaymentService/Charge"}},
		{"PAYMENT", []string{"payment", "paymentRefunds", "GET /api/payments/{id}", "/hipstershop.PaymentService/Charge"}},
		{"charge pay", []string{"/hipstershop.PaymentService/Charge"}},
		{"error", []string{"next error", "previous error"}},
		{"gapi", []string{"GET /api/payments/{id}"}},
		{"nxterr", []string{"next error"}},
		{"refunds", []string{"paymentRefunds"}},
		{">pa", []string{"critical path", "copy the trace id", "jump to the root cause"}},
		{"@ pa", []string{"payment", "paymentRefunds", "api-gateway"}},
		{"#char", []string{"POST /charge", "/hipstershop.PaymentService/Charge"}},
		{"o the", []string{"copy the trace id", "jump to the root cause", "POST /charge", "/hipstershop.PaymentService/Charge"}}, // the scattered last
		{"zzz", nil},
		{"日本", nil},
	} {
		var p Palette
		p.SetItems(testItems())
		p.Open(test.text)
		var got []string
		for row := range p.count() {
			item, matched := p.at(row)
			got = append(got, item.Text)
			if !slices.IsSorted(matched) || len(matched) == 0 || matched[len(matched)-1] >= len(item.Text) {
				t.Errorf("%q matches %q at %v", test.text, item.Text, matched)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

// A command is found by what it does, behind those that are called so; an operation is not found by its count.
func TestPaletteSearchesWhatIsSaid(t *testing.T) {
	items := append(testItems(), Item{
		Kind: KindCommand, Text: "compare errors", Note: "Compare the traces that failed with the rest", Action: views.Run{Command: "x"},
	}, Item{Kind: PaletteOperation, Text: "fail early, do"})
	for _, test := range []struct {
		text string
		want []string
	}{
		{"failed", []string{"compare errors", "fail early, do"}}, // the scattered last
		{"compare the err", []string{"compare errors"}},
		{"ailed", []string{"fail early, do"}}, // no word begins so
		{"155", nil},
	} {
		var got []string
		hits, _ := rank(items).Find(test.text, func(uint8) bool { return true })
		for _, h := range hits {
			got = append(got, items[h.Item].Text)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

// What matches as a subsequence is found, whatever the library makes of it, and marked at those letters.
func TestPaletteFindsEverySubsequence(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 3000 {
		text, pattern := "", ""
		for range rng.IntN(12) + 1 {
			c := string("abA/ é"[rng.IntN(6)])
			text += c
			if c != " " && c < "\x80" && rng.IntN(2) == 0 {
				pattern += strings.ToLower(c)
			}
		}
		if pattern == "" {
			continue
		}
		hits, total := rank([]Item{{Text: text}}).Find(pattern, func(uint8) bool { return true })
		if total != 1 || len(hits) != 1 {
			t.Fatalf("%q is not found in %q", pattern, text)
		}
		marked := ""
		for _, m := range hits[0].Matched {
			marked += prompt.LowerASCII(text)[m : m+1]
		}
		if marked != pattern {
			t.Fatalf("%q in %q is marked as %q", pattern, text, marked)
		}
	}
}

func TestPaletteCountsAll(t *testing.T) {
	var p Palette
	items := append(manyItems(5000), Item{Text: "spans", Disabled: "not now"}, Item{Text: "span counts"}, Item{Text: "span"})
	p.SetItems(items)
	p.Open("span")
	if p.total != len(items) || len(p.hits) != prompt.MaxHits {
		t.Errorf("%d of %d shown, want %d of %d", len(p.hits), p.total, prompt.MaxHits, len(items))
	}
	for row, want := range []string{"span", "span counts", "spans"} { // whole; then what can be done before what cannot
		if got, _ := p.at(row); got.Text != want {
			t.Errorf("row %d is %q, want %q", row, got.Text, want)
		}
	}
	var first []int
	for _, h := range p.hits {
		first = append(first, h.Item)
	}
	for range 3 {
		p.Open("span")
		for i, h := range p.hits {
			if h.Item != first[i] {
				t.Fatal("another order the next time")
			}
		}
	}
}

func TestPaletteKeys(t *testing.T) {
	env := viewstest.Env(t)
	var p Palette
	p.SetItems(testItems())
	p.Open("")
	viewstest.Plain(&p, env, 100, 30)
	for _, c := range "error" {
		if got := p.Type(viewstest.Press(string(c))); got != nil {
			t.Errorf("%c gave %#v", c, got)
		}
	}
	p.Type(viewstest.Press("ctrl+n"))
	if got := p.Type(viewstest.Press("enter")); got != (views.Run{Command: views.PrevError}) {
		t.Errorf("enter gave %#v, want the second hit", got)
	}
	p.Open("root cause")
	if got := p.Type(viewstest.Press("enter")); got != (views.Say{Text: "jump to the root cause: the trace has no errors"}) {
		t.Errorf("enter on a disabled command gave %#v", got)
	}
	p.Open("payment")
	if got := p.Type(viewstest.Press("enter")); got != (views.Narrow{Field: "service", Value: "payment"}) {
		t.Errorf("enter on a service gave %#v", got)
	}
	p.Open("zzz")
	if got := p.Type(viewstest.Press("enter")); got != (views.Say{Text: "nothing matches"}) {
		t.Errorf("enter on nothing gave %#v", got)
	}
	if got := p.Type(viewstest.Press("esc")); got != (views.Leave{}) {
		t.Errorf("esc gave %#v", got)
	}
	p.Open("")
	viewstest.Plain(&p, env, 100, 30)
	if got := p.Mouse(views.Mouse{X: p.Box.X + 5, Y: p.First + 1}); got != (views.Run{Command: views.PrevError}) {
		t.Errorf("a click on the second row gave %#v", got)
	}
	if got := p.Mouse(views.Mouse{X: 0, Y: 29}); got != (views.Leave{}) {
		t.Errorf("a click beside it gave %#v", got)
	}
}

// idSet has the trace of openid_test.go as a child-bearing trace, its low half alone, and others.
func idSet(t testing.TB) *trace.Set {
	t.Helper()
	b := trace.NewBuilder()
	b.Input("incident.json")
	add := func(id, name string, spans ...uint64) {
		parent := trace.SpanID{}
		for _, n := range spans {
			b.Add(&trace.RawSpan{
				Trace: trace.ParseTraceID(id), ID: trace.SpanID{N: n}, Parent: parent, Name: b.Symbol([]byte(name)),
				Start: viewstest.Epoch, Duration: viewstest.Second,
			})
			parent = trace.SpanID{N: n}
		}
	}
	add(fullID, "POST /api/checkout", 1, 0x00f067aa0ba902b7)
	add("1111111111111111"+lowID, "the same lower half", 1)
	add(lowID, "only the lower half", 1)
	add("d572232a8fed45fa", "jaeger", 1)
	add("3ce929d0e0e4736", "without leading zeros", 1)
	add("4bf92f350000000000000000000000aa", "the same beginning", 1)
	add("order-7731", "no number", 1)
	return b.Build()
}

func TestFindTraces(t *testing.T) {
	set := idSet(t)
	x := NewIndex(set)
	for _, test := range []struct {
		name, text string
		want       []string // names of the roots
	}{
		{"all of it", fullID, []string{"POST /api/checkout"}},
		{"the lower half: several", lowID, []string{"POST /api/checkout", "only the lower half", "the same lower half"}},
		{"Datadog: several", "dd.trace_id=" + lowDec, []string{"POST /api/checkout", "only the lower half", "the same lower half"}},
		{"padded", "trace_id=0000000000000000d572232a8fed45fa", []string{"jaeger"}},
		{"not padded", "trace_id:d572232a8fed45fa 422", []string{"jaeger"}},
		{"leading zeros lost", "uber-trace-id: 3ce929d0e0e4736:1:0:1", []string{"without leading zeros"}},
		{"another upper half is another trace", "2222222222222222" + lowID, []string{"only the lower half"}},
		{"an upper half that the export lacks", "2222222222222222d572232a8fed45fa", []string{"jaeger"}},
		{"unknown", "ffffffffffffffffffffffffffffffff", nil},
	} {
		var got []string
		for _, m := range x.FindAll(ExtractIDs(test.text), 10) {
			got = append(got, set.Trace(m.Trace).Root().Name())
		}
		slices.Sort(got)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", test.name, test.text, diff)
		}
	}
	if found := x.FindAll(ExtractIDs(lowID), 1); len(found) != 1 {
		t.Errorf("%d found, want no more than the limit", len(found))
	}
	if found := x.FindAll(ExtractIDs(lowID), 9); !found[0].Exact || found[1].Exact {
		t.Errorf("%+v: the trace whose whole id it is has to be first", found)
	}
}

func TestPrefix(t *testing.T) {
	set := idSet(t)
	x := NewIndex(set)
	for text, want := range map[string][]string{
		"4bf92f35":         {"POST /api/checkout", "the same beginning"},
		"4BF92F3577":       {"POST /api/checkout"},
		fullID:             {"POST /api/checkout"},
		fullID[:31]:        {"POST /api/checkout"},
		"d572":             {"jaeger"},
		"0000000000000000": {"jaeger", "only the lower half", "without leading zeros"},
		"3ce929":           {"without leading zeros"},
		"03ce929d":         {"without leading zeros"},
		"order-":           {"no number"},
		"orde":             {"no number"},
		"4bf":              nil,
		"ffff":             nil,
		fullID + "0":       nil,
		"":                 nil,
	} {
		found, total := x.Prefix(text, 10)
		var got []string
		for _, i := range found {
			got = append(got, set.Trace(i).Root().Name())
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || total != len(want) {
			t.Errorf("%q: %d (-want +got):\n%s", text, total, diff)
		}
	}
	if found, total := x.Prefix("4bf92f35", 1); len(found) != 1 || total != 2 {
		t.Errorf("%d of %d, want 1 of 2", len(found), total)
	}
}

func TestPaletteOpensTraces(t *testing.T) {
	set := idSet(t)
	var p Palette
	p.SetItems(testItems())
	p.SetIndex(NewIndex(set))
	find := func(name string) *trace.Trace {
		for i := range set.Len() {
			if set.Trace(i).Root().Name() == name {
				return set.Trace(i)
			}
		}
		return nil
	}
	p.Open("")
	p.Type(viewstest.Press("14:03 ERROR payment failed traceparent=00-" + fullID + "-00f067aa0ba902b7-01\n"))
	if got := p.Type(viewstest.Press("enter")); got != (views.OpenTrace{Trace: find("POST /api/checkout"), Span: 1}) {
		t.Errorf("a log line gave %#v, want its trace with the cursor on its span", got)
	}
	p.Open("4bf92f3577")
	if got := p.Type(viewstest.Press("enter")); got != (views.OpenTrace{Trace: find("POST /api/checkout"), Span: -1}) {
		t.Errorf("the beginning of an id gave %#v", got)
	}
	p.Open("ffffffffffffffffffffffffffffffff")
	if got := p.Type(viewstest.Press("enter")); got != (views.GoTo{Trace: trace.ParseTraceID("ffffffffffffffffffffffffffffffff")}) {
		t.Errorf("an id that is not loaded gave %#v", got)
	}
}

func TestPaletteFrames(t *testing.T) {
	env := viewstest.Env(t)
	for name, text := range map[string]string{
		"palette-empty":     "",
		"palette-small":     "pay",
		"palette-paste":     "2026-11-20T14:03:22Z ERROR checkout: payment failed dd.trace_id=" + lowDec + " dd.span_id=17",
		"palette-not-there": "trace_id=ffffffffffffffffffffffffffffffff",
		"palette-nothing":   "zzz",
	} {
		var p Palette
		p.SetItems(testItems())
		p.SetIndex(NewIndex(idSet(t)))
		p.Open(text)
		viewstest.CheckFrames(t, name, &p, env)
	}
	var p Palette
	p.SetItems(manyItems(100_000))
	p.Open("span 77")
	viewstest.Act(&p, views.PageDown)
	viewstest.CheckFrames(t, "palette-huge", &p, env)
}

// TestPaletteSaysWhatIsExpected: where it is open for one thing, a text that means none is answered with what it should be, in
// the colour of errors.
func TestPaletteSaysWhatIsExpected(t *testing.T) {
	env := viewstest.Env(t)
	var p Palette
	p.OpenFor(Choice{Title: "Time window", Verb: "ask", Typed: func(text string) (Item, error) {
		return Item{}, fmt.Errorf("%q is no time window", text)
	}}, []Item{{Text: "last 5m", Action: views.SetWindow{Text: "5m"}}})
	viewstest.TypeText(&p, "moon")
	viewstest.WantText(t, viewstest.Frame(&p, env, 80, 24), `"moon" is no time window`, env.Theme.Error)
	if got := p.choose(); got != (views.Say{Text: `"moon" is no time window`}) {
		t.Errorf("enter gives %#v", got)
	}
}

func TestPaletteAnything(t *testing.T) {
	env := viewstest.Env(t)
	index := NewIndex(idSet(t))
	for seed := range uint64(4) {
		viewstest.CheckAnything(t, env, seed, 300, func() views.Screen { return &Palette{} }, func(s views.Screen, rng *rand.Rand) {
			p := s.(*Palette)
			switch rng.IntN(4) {
			case 0:
				p.SetItems(testItems())
			case 1:
				p.SetItems(manyItems(rng.IntN(300)))
			case 2:
				p.SetIndex(index)
			case 3:
				p.Open([]string{"", fullID, "4bf9", ">", "@p", strings.Repeat("x", 30_000)}[rng.IntN(6)])
			}
		})
	}
}

// manyItems are n operations that look like an export's.
func manyItems(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		text := fmt.Sprintf("service-%d GET /api/v%d/Resource%d/{id}/span", i%97, i%3, i)
		items[i] = Item{Kind: PaletteOperation, Text: text, Note: "3 spans", Action: views.Narrow{Field: "name", Value: text}}
	}
	return items
}

func BenchmarkPalette(b *testing.B) {
	var p Palette
	p.SetItems(manyItems(100_000))
	for _, text := range []string{"s", "span", "service 9 resource77", "gres9span", "zqx", strings.Repeat("e", 9)} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				p.Open(text)
			}
		})
	}
}

func BenchmarkIDIndex(b *testing.B) {
	set := viewstest.ListSet(b, 1_000_000, "x")
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			NewIndex(set)
		}
	})
	x := NewIndex(set)
	b.Run("find", func(b *testing.B) {
		guess := ExtractIDs(set.Trace(777_777).ID().String())
		for b.Loop() {
			if len(x.FindAll(guess, 10)) != 1 {
				b.Fatal("not found")
			}
		}
	})
	b.Run("prefix", func(b *testing.B) {
		for b.Loop() {
			x.Prefix("4bf9", 20)
		}
	})
}

// Without Unicode the palette still says the same.
func TestPaletteASCII(t *testing.T) {
	palette := &Palette{}
	palette.SetItems(testItems())
	palette.Open("pay")
	viewstest.CheckASCII(t, "palette-ascii", 100, 30, palette)
}
