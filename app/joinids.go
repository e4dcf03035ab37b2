package app

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
)

// cannotJoinIDs says why there is nothing to join; "" where there is.
func (m *model) cannotJoinIDs() string {
	switch {
	case m.loading || m.set == nil:
		return "the inputs are still being read"
	case slices.Contains(m.inputs, "-"):
		return "standard input cannot be read again: start with --join-ids"
	case m.opt.world.reading.JoinIDs:
		return ""
	}
	mixed := func(n trace.Notice) bool { return n.Kind == trace.NoticeMixedIDs }
	if !slices.ContainsFunc(m.set.Notices(), mixed) {
		return "no trace has the lower 64 bits of another's id"
	}
	return ""
}

// toggleJoinIDs reads the inputs again, with such traces joined or apart.
func (m *model) toggleJoinIDs() tea.Cmd {
	m.opt.world.reading.JoinIDs = !m.opt.world.reading.JoinIDs
	stack := []screenID{listScreen} // the other screens are about traces that may not be there any more
	if m.screen() == diagnosticsScreen {
		stack = append(stack, diagnosticsScreen)
	}
	m.stack = stack
	m.say("reading again, traces with the same lower 64 bits of their ids kept apart")
	if m.opt.world.reading.JoinIDs {
		m.say("reading again, traces with the same lower 64 bits of their ids joined")
	}
	return m.load()
}
