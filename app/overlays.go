package app

import (
	"maps"
	"slices"
	"strings"

	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/help"
	"tracefall/views/palette"
	"tracefall/views/statistics"
)

// openHelp shows the keys of the screen that it is opened from, and what cannot be done there now.
func (m *model) openHelp() {
	var groups []help.Group
	for _, c := range m.keys.table {
		if len(c.Key.Keys()) == 0 {
			continue
		}
		reason := m.can(c.Name)
		if reason == views.NotHere {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].Title != c.Group {
			groups = append(groups, help.Group{Title: c.Group})
		}
		keys := slices.Clone(c.Key.Keys())
		for i, k := range keys {
			keys[i] = views.ShowKey(k)
		}
		g := &groups[len(groups)-1]
		g.Items = append(g.Items, help.Item{Keys: strings.Join(keys, " "), Text: c.Help, Disabled: reason})
	}
	m.help.SetGroups(groups)
	m.push(helpScreen)
}

// openPalette opens the palette with everything there is to do and to go to; text is what is looked for at first.
func (m *model) openPalette(text string) {
	if m.set != nil && (m.index == nil || m.index.Set() != m.set) {
		m.index = palette.NewIndex(m.set)
		m.palette.SetIndex(m.index)
	}
	m.palette.SetItems(slices.Concat(m.commandItems(), m.queryItems(), m.storyItems(), m.placeItems()))
	m.palette.Open(text)
	m.inPalette = true
}

// commandItems are the commands of the screen.
func (m *model) commandItems() []palette.Item {
	var items []palette.Item
	for _, c := range m.keys.table {
		reason := m.can(c.Name)
		if reason == views.NotHere || c.Name == views.ShowPalette {
			continue
		}
		items = append(items, palette.Item{
			Kind: palette.KindCommand, Text: c.Title(), Keys: c.Key.Help().Key, Note: c.Help, Disabled: reason,
			Action: views.Run{Command: c.Name},
		})
	}
	return items
}

// savedQueries lists the names of the queries of the configuration.
func savedQueries(c config) []string { return slices.Sorted(maps.Keys(c.Queries)) }

// queryItems are the queries of the configuration.
func (m *model) queryItems() []palette.Item {
	var items []palette.Item
	for _, name := range savedQueries(m.opt.config) {
		text := m.opt.config.Queries[name]
		items = append(items, palette.Item{Kind: palette.PaletteQuery, Text: name, Note: text, Action: views.Ask{Text: text}})
	}
	return items
}

// placeItems are the services and operations: of the open trace, to go to the first span; else of all traces, to
// narrow the list.
func (m *model) placeItems() []palette.Item {
	var traces []*trace.Trace
	inTrace := m.screen() == waterfallScreen && m.waterfall.Trace() != nil
	switch {
	case inTrace:
		traces = append(traces, m.waterfall.Trace())
	case m.set != nil:
		for i := range m.set.Len() {
			traces = append(traces, m.set.Trace(i))
		}
	}
	type operation struct{ service, name trace.Symbol }
	services, operations := map[trace.Symbol]bool{}, map[operation]bool{}
	var items []palette.Item
	add := func(kind palette.Kind, text string, narrow views.Narrow, t *trace.Trace, span int) {
		item := palette.Item{Kind: kind, Text: text, Action: narrow}
		switch {
		case inTrace:
			item.Action = views.OpenTrace{Trace: t, Span: span}
		case holdsSecret("", narrow.Value):
			item.Action, item.Disabled = nil, statistics.MaskedValue
		}
		items = append(items, item)
	}
	for _, t := range traces {
		for i := t.First(); i < t.Len(); i++ {
			s := t.Span(i)
			op := operation{s.ServiceSymbol(), s.NameSymbol()}
			if operations[op] {
				continue
			}
			operations[op] = true
			if !services[op.service] && s.Service() != "" {
				services[op.service] = true
				add(palette.PaletteService, secrets.ServiceName(s), views.Narrow{Field: "service", Value: s.Service()}, t, i)
			}
			if s.Name() != "" {
				add(palette.PaletteOperation, strings.TrimSpace(secrets.ServiceName(s)+" "+secrets.SpanName(s)), views.Narrow{Field: "name", Value: s.Name()}, t, i)
			}
		}
	}
	return items
}
