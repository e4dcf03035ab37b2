package app

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/genai"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views/prompt"
)

// follow keeps the detail on the span under the waterfall's cursor.
func (w *workspace) follow() tea.Cmd {
	if t := w.waterfall.Trace(); w.detailOpen && t != nil {
		if span := w.waterfall.Selected(); span >= 0 {
			w.detail.SetSpan(t, span)
		}
	}
	return w.loadFacts()
}

// What is known of the open trace: its facts by a job of their own, so that nobody waits for the detectors to see the
// critical path; its findings and its clocks when the detectors are through.

// setTrace puts a trace into the waterfall, with everything that is known of it by now.
func (w *workspace) setTrace(t *trace.Trace) {
	w.waterfall.SetTrace(t)
	w.tokens = nil
	if t != nil {
		w.tokens = genai.UsageTexts(genai.UsageByModel(t))
	}
	w.unknown = nil
	if !w.setReported() {
		w.unknown = t
	}
}

// setReported gives the waterfall what the report says of its trace. It reports whether there is such a report.
func (w *workspace) setReported() bool {
	t := w.waterfall.Trace()
	if t == nil || w.report == nil || w.report.Set != t.Set() {
		return false
	}
	w.waterfall.SetFacts(w.report.Facts(t))
	w.detail.SetFacts(w.report.Facts(t))
	w.waterfall.SetClocks(w.report.Clocks())
	w.waterfall.SetFindings(notable(w.findingsAbout(t)))
	return true
}

// notable leaves out findings that are only information: the panel lists them, but no row of a healthy trace is
// marked for them.
func notable(list []*rule.Finding) []*rule.Finding {
	return slices.DeleteFunc(list, func(f *rule.Finding) bool { return f.Severity < rule.Low })
}

// loadFacts asks for the facts of the open trace, once.
func (w *workspace) loadFacts() tea.Cmd {
	t := w.unknown
	if t == nil {
		return nil
	}
	w.unknown = nil
	return start(&w.jobs, jobFacts, func(context.Context, progress) (*facts.Facts, error) {
		return facts.New(t, facts.NewOps(t.Set())), nil
	}, func(f *facts.Facts) tea.Cmd {
		if f.Trace == w.waterfall.Trace() {
			w.waterfall.SetFacts(f)
			w.detail.SetFacts(f)
		}
		return nil
	})
}

// sameIn returns the trace of a later load, nil where it is not in it.
func sameIn(set *trace.Set, t *trace.Trace) *trace.Trace {
	if t == nil || t.Set() == set {
		return t
	}
	return set.Find(t.ID())
}

// inherit marks in the open trace what the list's query found in it.
func (w *workspace) inherit(t *trace.Trace) {
	w.jobs.stop(jobSearch) // it was asked there before
	text, spans := w.listQuery(t)
	w.matches, w.found, w.inherited = nil, nil, text
	if text != "" {
		w.matches = make([]bool, t.Len())
		for _, i := range spans {
			w.matches[i] = true
		}
	}
	w.waterfall.SetQuery(text)
	w.waterfall.SetMatches(w.matches, w.hide)
	if text != "" {
		w.waterfall.SetNotes(prompt.Notes{OfOne: true, Took: w.answer.Took, Lines: w.answer.Notes})
	}
}

// outdated reports whether the open trace, entered from the list, shows another query than the list.
func (w *workspace) outdated(t *trace.Trace) bool {
	if w.screen() != listScreen {
		return false
	}
	text, _ := w.listQuery(t)
	if text == "" {
		return w.inherited != "" // what it shows was the list's
	}
	return w.waterfall.Query() != text
}

// shownBelow is what a waterfall further down the stack shows: there is one waterfall on the screen, but a comparison
// opens another trace above the one that it was called from.
type shownBelow struct {
	trace   *trace.Trace
	span    int
	finding *rule.Finding // in its banner
}
