package importreport

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

var _ views.Screen = (*Diagnostics)(nil)

// damagedSet has one trace of each sort of damage, with notices of two inputs.
func damagedSet(t testing.TB) *trace.Set {
	t.Helper()
	b := trace.NewBuilder()
	b.Input("bad.json")
	add := func(id uint64, name string, span, parent uint64, duration int64) {
		b.Add(&trace.RawSpan{
			Trace: trace.TraceID{Hi: 0x4bf92f3577b34da6, Lo: id}, ID: trace.SpanID{N: span}, Parent: trace.SpanID{N: parent},
			Name: b.Symbol([]byte(name)), Start: viewstest.Epoch, Duration: duration,
		})
	}
	add(1, "GET /whole", 1, 0, viewstest.Second)
	add(2, "POST /checkout", 1, 77, viewstest.Second)
	add(2, "SELECT", 2, 78, viewstest.Second)
	add(3, "GET /unfinished", 1, 0, trace.NoDuration)
	add(4, "GET /twice", 1, 0, viewstest.Second)
	add(4, "GET /twice", 1, 0, viewstest.Second)
	add(5, "GET /two-roots", 1, 0, viewstest.Second)
	add(5, "GET /second-root", 2, 0, viewstest.Second)
	b.Partial(trace.TraceID{Hi: 0x4bf92f3577b34da6, Lo: 5})
	b.Notice(trace.Notice{
		Kind: "damaged-lines", Input: "bad.json", Count: 12, Places: []string{"line 3, column 40", "line 17, column 1"},
		Message: `skipped 12 lines that are no JSON objects: expected "{", found "<html>"; the file may have been cut or mixed with the output of another program`,
	})
	b.Notice(trace.Notice{Kind: "log-records", Input: "logs.json", Count: 1, Message: "skipped 1 log record: it is no span"})
	return b.Build()
}

func testLoad() LoadReport {
	return LoadReport{
		Took: 812 * time.Millisecond, First: 64 * time.Millisecond,
		Inputs: []InputReport{
			{Name: "bad.json", Format: "OTLP JSON lines", Bytes: 915_000_000, Traces: 5, Spans: 8, Took: 800 * time.Millisecond},
			{Name: "logs.json", Format: "OTLP JSON", Bytes: 1200, Traces: 1, Spans: 2, Copies: 2, Took: time.Millisecond},
			{Name: "page.html", Failed: "line 1, column 1: expected a trace export (Jaeger or OTLP JSON, gzip, zstd), found HTML; was it saved from a login page?"},
		},
	}
}

func TestDiagnosticsFrames(t *testing.T) {
	env := viewstest.Env(t)
	var none, clean, bad, open, huge, failed Diagnostics
	viewstest.CheckFrames(t, "diagnostics-empty", &none, env)
	b := trace.NewBuilder()
	b.Input("good.json")
	b.Add(&trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: 1}, Start: viewstest.Epoch, Duration: 5})
	clean.SetSet(b.Build())
	clean.SetLoad(LoadReport{Took: 3 * time.Millisecond, Inputs: []InputReport{{Name: "good.json", Bytes: 1024, Traces: 1, Spans: 1}}})
	viewstest.CheckFrames(t, "diagnostics-clean", &clean, env)
	for _, d := range []*Diagnostics{&bad, &open} {
		d.SetSet(damagedSet(t))
		d.SetLoad(testLoad())
	}
	viewstest.CheckFrames(t, "diagnostics-small", &bad, env)
	viewstest.Act(&open, views.OpenAll)
	viewstest.CheckFrames(t, "diagnostics-open", &open, env)
	huge.SetSet(viewstest.ListSet(t, 100_000, "incident.jsonl"))
	viewstest.Plain(&huge, env, 80, 24)
	viewstest.Act(&huge, views.PageDown)
	viewstest.CheckFrames(t, "diagnostics-huge", &huge, env)
	failed.SetLoad(LoadReport{Inputs: testLoad().Inputs[2:]})
	viewstest.CheckFrames(t, "diagnostics-error", &failed, env)
}

func TestDiagnostics(t *testing.T) {
	env := viewstest.Env(t)
	var d Diagnostics
	set := damagedSet(t)
	d.SetSet(set)
	d.SetLoad(testLoad())
	text := viewstest.Plain(&d, env, 200, 50)
	for _, n := range set.Notices() {
		if !strings.Contains(text, n.Message) {
			t.Errorf("the notice %q is missing", n.Message)
		}
	}
	if strings.Contains(text, "GET /whole") {
		t.Error("a trace without blemish is listed")
	}
	if len(d.bad) < 3 || set.Trace(int(d.bad[0])).Root().Name() != "POST /checkout" {
		t.Errorf("%d traces with blemishes, the worst has to be the one that lacks spans", len(d.bad))
	}
	d.Row = len(d.rows)
	if got := viewstest.Act(&d, views.Enter); got != (views.OpenTrace{Trace: set.Trace(int(d.bad[0])), Span: -1}) {
		t.Errorf("enter on a trace gave %#v", got)
	}
	d.Row = 0
	if viewstest.Why(&d, views.Enter) == "" {
		t.Error("a title does not open")
	}
	for n, notice := range set.Notices() {
		viewstest.Act(&d, views.Top)
		for k := 0; d.notice() != n && k < d.count(); k++ {
			viewstest.Act(&d, views.Down)
		}
		if d.notice() != n {
			t.Fatalf("the cursor cannot get to the notice %q", notice.Message)
		}
		viewstest.Act(&d, views.Enter)
		text := viewstest.Plain(&d, env, 200, 60)
		for _, place := range notice.Places {
			if !strings.Contains(text, "at "+place) {
				t.Errorf("unfolded, %q does not show the place %q", notice.Message, place)
			}
		}
	}
	viewstest.Act(&d, views.FoldAll)
	if text := viewstest.Plain(&d, env, 200, 60); strings.Contains(text, "at line 3") {
		t.Error("folded, the places still show")
	}
}

// Every count of Quality that makes a blemish is put into words.
func TestQualityWords(t *testing.T) {
	if words := views.QualityWords(trace.Quality{Roots: 0}); words != nil {
		t.Errorf("a whole trace is called %q", words)
	}
	typ := reflect.TypeFor[trace.Quality]()
	for i := range typ.NumField() {
		for _, n := range []int64{1, 2} {
			var q trace.Quality
			field := reflect.ValueOf(&q).Elem().Field(i)
			if field.Kind() == reflect.Bool {
				field.SetBool(true)
			} else {
				field.SetInt(n)
			}
			if typ.Field(i).Name == "Roots" && n == 1 {
				continue // one root is as it should be
			}
			if words := views.QualityWords(q); q.Blemished() != (len(words) > 0) {
				t.Errorf("%s = %d: %q, blemished %t", typ.Field(i).Name, n, words, q.Blemished())
			}
		}
	}
}

func TestDiagnosticsAnything(t *testing.T) {
	env := viewstest.Env(t)
	sets := []*trace.Set{damagedSet(t), viewstest.ListSet(t, 300, "x"), viewstest.ListSet(t, 0, "x")}
	for seed := range uint64(4) {
		viewstest.CheckAnything(t, env, seed, 300, func() views.Screen { return &Diagnostics{} }, func(s views.Screen, rng *rand.Rand) {
			d := s.(*Diagnostics)
			d.SetSet(sets[rng.IntN(len(sets))])
			d.SetLoad(LoadReport{Inputs: testLoad().Inputs[:rng.IntN(4)]})
		})
	}
}

func BenchmarkDiagnosticsFrame(b *testing.B) {
	env := viewstest.Env(b)
	var d Diagnostics
	d.SetSet(viewstest.ListSet(b, 1_000_000, "x"))
	grid := viewstest.Frame(&d, env, 200, 50)
	for b.Loop() {
		viewstest.Act(&d, views.Down)
		grid.Clear()
		d.Draw(grid.All(), env)
	}
}

// TestDiagnosticsNameFailedDetectors checks that a detector that failed is told, and forgotten with its set.
func TestDiagnosticsNameFailedDetectors(t *testing.T) {
	set := tracetest.Set(t, "shop checkout 0ms +10ms\n")
	d := &Diagnostics{}
	d.SetSet(set)
	d.SetFailed(set, []trace.Notice{{Kind: "detector-failed", Message: "n-plus-one failed: index out of range"}})
	if got := viewstest.Plain(d, viewstest.Env(t), 80, 24); !strings.Contains(got, "Failed detectors") || !strings.Contains(got, "n-plus-one failed") {
		t.Errorf("the failed detector is not told:\n%s", got)
	}
	d.SetSet(tracetest.Set(t, "shop checkout 0ms +10ms\n"))
	if got := viewstest.Plain(d, viewstest.Env(t), 80, 24); strings.Contains(got, "n-plus-one failed") {
		t.Errorf("the failure is told of another set:\n%s", got)
	}
}

// Without Unicode the import report still says the same.
func TestDiagnosticsASCII(t *testing.T) {
	diagnostics := &Diagnostics{}
	diagnostics.SetSet(damagedSet(t))
	diagnostics.SetLoad(testLoad())
	viewstest.CheckASCII(t, "diagnostics-ascii", 100, 30, diagnostics)
}

// The import report says that a file was cut off.
func TestDiagnosticsSayWhatIsTruncated(t *testing.T) {
	for _, cut := range []bool{false, true} {
		d := &Diagnostics{}
		d.SetSet(viewstest.TruncatedSet(cut))
		text := viewstest.Plain(d, viewstest.Env(t), 80, 24)
		if strings.Contains(text, "file truncated") != cut || strings.Contains(text, "trace may be incomplete") != cut {
			t.Errorf("cut %v, the import report:\n%s", cut, text)
		}
		if cut && strings.Contains(text, "all traces complete") {
			t.Errorf("a truncated file's traces are called whole:\n%s", text)
		}
	}
}

// TestNothingIsCutInTheReport: at 80 columns an input and a trace lose whole facts, the least important first, and longer texts
// go on in the next line. What is copied is whole.
func TestNothingIsCutInTheReport(t *testing.T) {
	d := &Diagnostics{}
	d.SetSet(damagedSet(t))
	load := testLoad()
	load.Inputs = append(load.Inputs, InputReport{
		Name: "exports/2026-11-28/production/checkout-service-traces-of-the-incident.jsonl.gz", Format: "OTLP JSON lines", Bytes: 915_000_000, Traces: 12_345, Spans: 1_234_567, Took: time.Second,
	})
	load.Backends = []BackendReport{{
		Name: "prod", URL: "https://tempo.example.org:3200/prometheus", Server: "Tempo 2.6.1, behind a proxy of its own", Requests: 2, Bytes: 2000,
		Asked: []string{`{ resource.service.name = "checkout-service" && span.http.status_code >= 500 && duration > 1s }`},
	}}
	d.SetLoad(load)
	viewstest.Act(d, views.OpenAll)
	text := viewstest.Plain(d, viewstest.Env(t), 80, 60)
	for _, want := range []string{
		"bad.json · damaged · OTLP JSON lines · 915 MB · 5 traces · 8 spans ", "the file may have been cut or mixed with the output of another program",
		"incident.jsonl.gz · 12,345 traces · 1,234,567 spans ", "duration > 1s }", "proxy of its own", "2 orphan spans, 2 root spans ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the report:\n%s", want, text)
		}
	}
	if n := strings.Count(text, "…"); n != len(d.bad)+2 { // of each trace's id, of a root whose parent is missing, in the middle of a name
		t.Errorf("%d texts are cut:\n%s", n, text)
	}
	for d.Row = 0; !strings.Contains(d.rows[d.Row].text, "12,345 traces"); d.Row++ {
	}
	if got := d.line(); got != load.Inputs[3].Name+" · OTLP JSON lines · 915 MB · 12,345 traces · 1,234,567 spans · 1.00 s" {
		t.Errorf("of a row that lost facts is copied %q", got)
	}
}

// TestOneSentenceSaysComplete: of a backend that did not send everything the report does not say that all is complete.
func TestOneSentenceSaysComplete(t *testing.T) {
	for notes, want := range map[string]string{"": "✓ complete, nothing skipped", "complete back to 14:02 UTC only": "✓ nothing skipped"} {
		d := &Diagnostics{}
		d.SetSet(tracetest.Set(t, "a \"GET /\" 0ms +5ms kind=server\n"))
		d.SetLoad(LoadReport{Backends: []BackendReport{{Name: "prod", Notes: filled(notes)}}})
		if text := viewstest.Plain(d, viewstest.Env(t), 80, 20); !strings.Contains(text, want) {
			t.Errorf("with the note %q there is no %q in\n%s", notes, want, text)
		}
	}
}

// TestQualityIsNeverCut: what is wrong with a trace is told in as many cells as there are, in whole words.
func TestQualityIsNeverCut(t *testing.T) {
	cut := []string{"file truncated (trace may be incomplete)", "1 orphan span (parent not in file)", "root span missing"}
	if got, want := qualityText(cut, qualityLeast), "file truncated, 1 orphan span, +1 more"; got != want {
		t.Errorf("of a truncated file it is %q, want %q", got, want)
	}
	words := []string{"2 orphan spans (parents not in file)", "root span missing", "1 invalid timestamp"}
	for width, want := range map[int]string{
		80: "2 orphan spans (parents not in file), root span missing, 1 invalid timestamp",
		60: "2 orphan spans, root span missing, 1 invalid timestamp",
		50: "2 orphan spans, root span missing, +1 more",
		30: "2 orphan spans, +2 more",
	} {
		if got := qualityText(words, width); got != want {
			t.Errorf("in %d cells it is %q, want %q", width, got, want)
		}
	}
}

// TestRootsHaveTheRoomThatIsLeft: the columns fill a line, and a root is not cut before it is full.
func TestRootsHaveTheRoomThatIsLeft(t *testing.T) {
	set := viewstest.ListSet(t, 300, "x")
	bad := blemished(set)
	for width := 60; width < 220; width++ {
		c := columnsOf(set, bad, width)
		if sum := c.id + 2 + c.root + 2 + c.wrong; sum != width {
			t.Errorf("of %d cells %d are placed: %+v", width, sum, c)
		}
		if root := draw.Width("… cart /hipstershop.CartService/GetCart"); width == 110 && c.root < root {
			t.Errorf("a root has %d cells, want %d: %+v", c.root, root, c)
		}
	}
}
