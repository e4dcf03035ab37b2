package app

import (
	"slices"

	"tracefall/diagnose"
	"tracefall/sources/trace"
	"tracefall/views"
)

// covered is what a waterfall further down the stack shows: there is one waterfall on the screen, but a comparison
// opens another trace above the one that it was called from.
type covered struct {
	trace   *trace.Trace
	span    int
	finding *diagnose.Finding // in its banner
}

// cover puts the waterfall on top for a trace. The one that is in the stack is gone back to when it shows that trace;
// otherwise it keeps its place, and what it shows is remembered.
func (m *model) cover(t *trace.Trace) {
	shown := m.waterfall.Trace()
	below := slices.Contains(m.stack, waterfallScreen)
	switch {
	case !below:
		m.stack = append(m.stack, waterfallScreen)
	case m.screen() == waterfallScreen, m.screen() != compareScreen && shown == t:
		m.push(waterfallScreen)
	default:
		m.covered = append(m.covered, covered{shown, m.waterfall.Selected(), m.banner()})
		m.stack = append(m.stack, waterfallScreen)
	}
}

// uncover shows again what the waterfall of the stack showed, when those above it are gone.
func (m *model) uncover() {
	left := -1
	for _, id := range m.stack {
		if id == waterfallScreen {
			left++
		}
	}
	if left = max(left, 0); left >= len(m.covered) {
		return
	}
	was := m.covered[left]
	m.covered = m.covered[:left]
	if t := sameIn(m.set, was.trace); t != m.waterfall.Trace() && t != nil {
		m.present(t)
		m.inherit(t)
		m.waterfall.ShowFinding(was.finding, was.span)
	}
	if was.span >= 0 {
		m.waterfall.Select(was.span)
	}
}

// banner returns the finding that the waterfall shows, nil for none.
func (m *model) banner() *diagnose.Finding {
	if open, ok := views.Do(m.waterfall.Bindings(), views.ShowFindings).(views.OpenFindings); ok {
		return open.Finding
	}
	return nil
}
