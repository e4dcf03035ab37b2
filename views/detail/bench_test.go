package detail

import (
	"fmt"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// BenchmarkDetail shows one span after the other, as a pane that follows the cursor does.
func BenchmarkDetail(b *testing.B) {
	tr := detailTrace(b)
	grid, env := draw.NewGrid(80, 50), viewstest.Env(b)
	d := New()
	i := 0
	for b.Loop() {
		d.SetSpan(tr, i%tr.Len())
		d.Draw(grid.All(), env)
		i++
	}
}

// BenchmarkDetailHuge shows a span with a value of 10 MB, and then all of the value.
func BenchmarkDetailHuge(b *testing.B) {
	for name, value := range map[string]string{
		"text": strings.Repeat("0123456789 ", 1_000_000),
		"json": `[` + strings.Repeat(`{"a":[1,2,3]},`, 750_000) + `null]`,
	} {
		m := viewstest.NewMaker()
		m.Span(0, "s", "x", 0, 10, viewstest.Attr("payload", value))
		tr := m.Trace(b)
		grid, env := draw.NewGrid(80, 50), viewstest.Env(b)
		show := func(b *testing.B, all bool) {
			for b.Loop() {
				d := New()
				d.SetSpan(tr, 0)
				d.Draw(grid.All(), env)
				if all {
					onKey(b, d, "payload")
					viewstest.Act(d, views.Enter)
				}
			}
		}
		b.Run(name, func(b *testing.B) { show(b, false) })
		b.Run(name+"-all", func(b *testing.B) { show(b, true) })
	}
}

// BenchmarkDetailLaidOut shows spans with values of 110 kB that are taken apart: first the span, then frame after frame.
func BenchmarkDetailLaidOut(b *testing.B) {
	for key, value := range map[string]string{
		"gen_ai.input.messages": `[` + strings.Repeat(`{"role":"user","parts":[{"type":"text","content":"why is it slow? why is it slow?"}]},`, 1300) + `{}]`,
		"exception.stacktrace":  "java.lang.StackOverflowError\n" + strings.Repeat("\tat com.acme.pay.Ledger.walk(Ledger.java:88)\n\tat org.springframework.aop.Proxy.invoke(Proxy.java:12)\n", 1100),
		"db.query.text":         "SELECT * FROM likes WHERE post_id IN (" + strings.Repeat("1234567890, ", 9200) + "1)",
		"url.full":              "https://bank.example/v1?" + strings.Repeat("parameter=value&", 6900),
	} {
		m := viewstest.NewMaker()
		m.Span(0, "s", "x", 0, 10, viewstest.Attr(key, value))
		tr := m.Trace(b)
		grid, env := draw.NewGrid(80, 50), viewstest.Env(b)
		b.Run(key+"/span", func(b *testing.B) {
			for b.Loop() {
				d := New()
				d.SetSpan(tr, 0)
				d.Draw(grid.All(), env)
			}
		})
		b.Run(key+"/frame", func(b *testing.B) {
			d := New()
			d.SetSpan(tr, 0)
			for b.Loop() {
				d.Draw(grid.All(), env)
			}
		})
	}
}

// BenchmarkDetailEvents shows a span with many events.
func BenchmarkDetailEvents(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		m := viewstest.NewMaker()
		m.Span(0, "s", "x", 0, 10, func(tb *trace.Builder, raw *trace.RawSpan) {
			for range n {
				raw.Events = append(raw.Events, trace.RawEvent{Time: viewstest.TraceStart, Name: tb.Symbol([]byte("log")),
					Attrs: []trace.Attr{viewstest.MakeAttr(tb, "message", "something happened that was worth a line")}})
			}
		})
		tr := m.Trace(b)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			grid, env := draw.NewGrid(80, 50), viewstest.Env(b)
			for b.Loop() {
				d := New()
				d.SetSpan(tr, 0)
				d.Draw(grid.All(), env)
			}
		})
	}
}
