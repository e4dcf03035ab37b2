package waterfall

import (
	"strings"
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/tracelist"
	"tracefall/views/viewstest"
)

const hour = int64(3600e6) // µs

// strayTrace is a request of 300 ms with one span that a clock 15 h off recorded, and work that nobody waited for.
func strayTrace(t *testing.T) *Waterfall {
	t.Helper()
	m := viewstest.NewMaker()
	at := 15 * hour
	root := m.Span(0, "shop", "GET /products", at, 300e3)
	m.Span(root, "stock", "GET /stock", at+10e3, 100e3)
	m.Span(root, "members", "check", 0, 5e3)
	m.Span(root, "mail", "deliver", at+2e6, 50e3)
	return openWaterfall(t, m.Trace(t))
}

func TestStraySpansAreMarkedAtTheEdge(t *testing.T) {
	w, env := strayTrace(t), viewstest.Env(t)
	text := viewstest.Plain(w, env, 120, 40)
	for _, want := range []string{"300 ms", "◂ 15 h 00 m earlier", "1.70 s later ▸"} {
		if !strings.Contains(text, want) {
			t.Errorf("the waterfall has no %q:\n%s", want, text)
		}
	}
	if title := headText(w, env, 120); !strings.Contains(title, "· 300 ms ·") {
		t.Errorf("the title says %q, want the root's 300 ms", title)
	}
	viewstest.Do(w, views.ZoomReset)
	text = viewstest.Plain(w, env, 120, 40)
	if strings.Contains(text, "earlier") || strings.Contains(text, "later") {
		t.Errorf("with all spans on the axis some are still at its edges:\n%s", text)
	}
	if _, right := w.Status(env); !strings.Contains(right, "all spans: 15 h 00 m") {
		t.Errorf("the status is %q", right)
	}
	viewstest.Do(w, views.ZoomReset)
	if got := w.zoom.Window; got != w.rows.times.window || w.rows.wide {
		t.Errorf("after the second reset the window is %v", got)
	}
	if why := viewstest.Why(w, views.ZoomReset); why != "" {
		t.Errorf("the zoom cannot be reset: %s", why)
	}
	if why := viewstest.Why(w, views.PanLeft); !strings.Contains(why, "root span's extent") {
		t.Errorf("panning is refused with %q", why)
	}
}

func TestZoomGoesToAStraySpan(t *testing.T) {
	w := strayTrace(t)
	w.tree.Row = 1 // siblings are in order of start
	if s := w.rows.t.Span(int(w.rows.list[1].span)); s.Name() != "check" {
		t.Fatalf("the second row is %s", s.Name())
	}
	viewstest.Do(w, views.ZoomSpan)
	s := w.rows.t.Span(int(w.rows.list[1].span))
	if got := w.zoom.Window; got.From != s.Start() || got.To != s.Finish() {
		t.Errorf("the window is %v, want that of the span", got)
	}
	look := w.Look()
	again := openWaterfall(t, w.rows.t)
	again.SetLook(look)
	if again.zoom.Window != w.zoom.Window {
		t.Errorf("the view is opened again with %v, want %v", again.zoom.Window, w.zoom.Window)
	}
	viewstest.Do(w, views.Back)
	if w.zoom.Window != w.rows.times.window {
		t.Errorf("going back shows %v, want the root's extent", w.zoom.Window)
	}
}

func TestListMarksSpansFarOutside(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
shop "GET /products" 54000s +300ms
  stock "GET /stock" 54000.01s +100ms
  members check 0ms +5ms
trace 02
shop "GET /cart" 54001s +300ms
  mail deliver 54001.2s +200ms
`)
	l := tracelist.New()
	l.SetSet(set)
	text := viewstest.Plain(l, viewstest.Env(t), 160, 20)
	lines := strings.Split(text, "\n")
	marked := 0
	for _, line := range lines {
		if strings.Contains(line, "GET /products") {
			marked++
			if !strings.Contains(line, "△ 15 h 00 m earlier") || !strings.Contains(line, "300.0 ms") {
				t.Errorf("the trace is listed as %q", line)
			}
		}
		if strings.Contains(line, "GET /cart") && strings.Contains(line, "△") {
			t.Errorf("what ended soon after the root is marked: %q", line)
		}
	}
	if marked != 1 {
		t.Errorf("the trace is listed %d times:\n%s", marked, text)
	}
}
