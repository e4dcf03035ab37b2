package app

import (
	"iter"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/sources/tracetest"
	"tracefall/views"
)

// Statistics of the list: over all traces, then over those that a query found; enter narrows the list by a group.
func TestStatisticsOfTheList(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "s")
	if !m.onTab(views.ShowStatistics) {
		t.Fatalf("s opened screen %d", m.screen())
	}
	mustShow(t, m, "10 spans of 2 traces in 5 groups", "payment")
	if got := m.sharing.reopening().Command(); got != "tracefall shop.json --view statistics" {
		t.Errorf("the command is %s", got)
	}
	press(t, m, "l")
	mustShow(t, m, "cart GET /cart", "payment POST /charge")
	if got := m.sharing.reopening().Command(); got != "tracefall shop.json --view statistics --by operation" {
		t.Errorf("the command is %s", got)
	}
	press(t, m, "esc")
	typeQuery(t, m, "service=auth OR service=stock")
	press(t, m, "s")
	mustShow(t, m, "8 spans of 1 trace in 4 groups")
	_, cmd := m.Update(ctrl('f'))
	settle(m, cmd)
	mustShow(t, m, "1 matching span of 1 trace in 1 group", "auth validate")
	press(t, m, "enter")
	if m.screen() != listScreen || m.where != "(service=auth OR service=stock) service=auth name=validate" {
		t.Errorf("on screen %d the query is %s", m.screen(), m.where)
	}
	mustShow(t, m, "1 of 2 traces")
}

// Statistics of a trace narrow its waterfall, also to what a query found in it.
func TestStatisticsOfATrace(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "enter")
	typeQuery(t, m, "error=true")
	press(t, m, "s")
	mustShow(t, m, "8 spans in 4 groups")
	_, cmd := m.Update(ctrl('f'))
	settle(m, cmd)
	mustShow(t, m, "2 matching spans in 2 groups")
	press(t, m, "enter")
	if m.screen() != waterfallScreen || m.waterfall.Query() != "service=gateway" {
		t.Errorf("on screen %d the query is %s", m.screen(), m.waterfall.Query())
	}
}

// What the command line asks for: of everything, of what matches, of a trace.
func TestStatisticsAsked(t *testing.T) {
	for _, test := range []struct {
		asked asked
		where string
		want  []string
	}{
		{asked{View: "statistics"}, "", []string{"10 spans of 2 traces", "by service"}},
		{asked{View: "statistics", By: "operation"}, "service=cart", []string{"2 spans of 1 trace", "traces matching service=cart", "cart GET /cart"}},
		{asked{View: "statistics", By: "template", Trace: "2"}, "", []string{"2 spans in 2 groups", "▌ cart GET /cart"}},
	} {
		m := testModel(t, tracetest.Set(t, shop))
		m.asked, m.where = test.asked, test.where
		settle(m, m.show(m.set))
		if !m.onTab(views.ShowStatistics) {
			t.Errorf("%+v: on screen %d", test.asked, m.screen())
		}
		mustShow(t, m, test.want...)
	}
}

// The statistics of a list that comes to show other traces are those of what it shows.
func TestStatisticsFollowTheList(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "s")
	late := false
	before := m.tabs.measure(m.screen(), views.Measure{
		Of: []views.Scope{m.tabs.listScope()},
		Count: func([]iter.Seq[facts.Portion]) func() views.Action {
			return func() views.Action { late = true; return nil }
		},
	})
	settle(m, m.show(tracetest.Set(t, shop+"\ntrace 3\nstock \"GET /stock\" 0ms +1ms\n")))
	mustShow(t, m, "11 spans of 3 traces")
	if settle(m, before); late {
		t.Error("what was counted of the traces before is shown")
	}
}
