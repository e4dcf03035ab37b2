package app

import (
	"maps"
	"slices"
	"strings"

	"tracefall/app/session"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/help"
	"tracefall/views/palette"
	"tracefall/views/statistics"
	"tracefall/views/style"
)

// overlays are what the help and the palette show.
type overlays struct {
	*workspace
	index  *palette.IDIndex // of set, for the palette
	places []palette.Item   // the services and operations of set
}

// offer is a command that means something now, and why it cannot be done all the same, "" for nothing.
type offer struct {
	views.Binding
	disabled string
	here     bool // it is one of the screen's own
}

// rank orders offers in the palette: what the footer of the screen shows, what else the screen does, the rest; last what moves,
// which nobody looks up, and what cannot be done now.
func (o offer) rank() int {
	const most = 100 // of a footer
	switch {
	case o.disabled != "":
		return 4 * most
	case o.Moves():
		return 3 * most
	case o.Name == views.ShowHelp, o.Name == views.Back, o.Name == views.Close:
		return 2 * most // of every screen
	case o.Footer > 0:
		return o.Footer
	case o.here:
		return most
	}
	return 2 * most
}

// showHelp shows the keys of the screen that it is opened from, and what cannot be done there now. Two commands with one text
// are one line.
func (o *overlays) showHelp(offers []offer) {
	var groups []help.Group
	for n := 0; n < len(offers); n++ {
		c := offers[n]
		keys := c.Key.Keys()
		if n+1 < len(offers) && offers[n+1].Help == c.Help {
			n++
			keys = bothKeys(keys, offers[n].Key.Keys())
			if offers[n].disabled == "" {
				c.disabled = ""
			}
		}
		if len(keys) == 0 {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].Title != c.Group {
			groups = append(groups, help.Group{Title: c.Group})
		}
		g := &groups[len(groups)-1]
		g.Items = append(g.Items, help.Item{Keys: keyWords(keys), Text: c.Help, Disabled: c.disabled})
	}
	o.help.SetGroups(groups)
	o.push(helpScreen)
}

// bothKeys joins the keys of two commands: the first of both, the second of both, and so on.
func bothKeys(a, b []string) []string {
	var all []string
	for n := range max(len(a), len(b)) {
		all = append(append(all, a[min(n, len(a)):min(n+1, len(a))]...), b[min(n, len(b)):min(n+1, len(b))]...)
	}
	return all
}

// mostKeys is how many cells keys take in the help: those that have no room are left out.
const mostKeys = 14

// keyWords writes keys as people do, as many as have room.
func keyWords(keys []string) string {
	text := ""
	for n, key := range keys {
		more := strings.TrimSpace(text + " " + views.ShowKey(key))
		if n > 0 && draw.Width(more) > mostKeys {
			break
		}
		text = more
	}
	return text
}

// openPalette opens the palette with everything there is to do and to go to; text is what is looked for at first.
func (o *overlays) openPalette(text string, offers []offer) {
	if o.set != nil && (o.index == nil || o.index.Set() != o.set) {
		o.index = palette.NewIndex(o.set)
		o.palette.SetIndex(o.index)
		o.places = placesIn(session.Traces(o.set), narrowing)
	}
	o.palette.SetItems(slices.Concat(commandItems(offers), themeItems(), o.queryItems(), o.storyItems(), o.placeItems()))
	o.palette.Open(text)
	o.inPalette = true
}

// commandItems are the commands of the screen, the most useful first.
func commandItems(offers []offer) []palette.Item {
	var items []palette.Item
	offers = slices.Clone(offers)
	slices.SortStableFunc(offers, func(a, b offer) int { return a.rank() - b.rank() })
	for _, c := range offers {
		note := c.Help
		if strings.EqualFold(note, c.Title()) {
			note = ""
		}
		if c.Name != views.ShowPalette {
			items = append(items, palette.Item{
				Kind: palette.KindCommand, Text: c.Title(), Keys: c.Key.Help().Key, Note: note, Disabled: c.disabled,
				Action: views.Run{Command: c.Name},
			})
		}
	}
	return items
}

// themeNotes say what the themes are for.
var themeNotes = map[string]string{
	style.Auto: "Colours by the terminal's background", "dark": "Colours for a dark background", "light": "Colours for a light background",
	"safe": "Colours for colour-blind readers", "16": "The terminal's own 16 colours", "none": "No colours",
}

// themeItems are the themes to choose.
func themeItems() []palette.Item {
	var items []palette.Item
	for _, name := range append([]string{style.Auto}, style.Names()...) {
		items = append(items, palette.Item{Kind: palette.KindCommand, Text: "theme " + name, Note: themeNotes[name], Action: views.SetTheme{Name: name}})
	}
	return items
}

// storyItems are the incidents of the demo, where all of it is open.
func (o *overlays) storyItems() []palette.Item {
	var items []palette.Item
	for _, one := range o.stories {
		items = append(items, palette.Item{Kind: palette.PaletteStory, Text: one.Name, Note: one.Title, Action: views.OpenStory{Name: one.Name}})
	}
	return items
}

// queryItems are the queries of the configuration.
func (o *overlays) queryItems() []palette.Item {
	var items []palette.Item
	for _, name := range slices.Sorted(maps.Keys(o.opt.Config.Queries)) {
		text := o.opt.Config.Queries[name]
		items = append(items, palette.Item{Kind: palette.PaletteQuery, Text: name, Note: text, Action: views.Ask{Text: text}})
	}
	return items
}

// placeItems are the services and operations: of the open trace, to go to the first span; else of all traces, to narrow the list.
func (o *overlays) placeItems() []palette.Item {
	t := o.waterfall.Trace()
	if o.screen() != waterfallScreen || t == nil {
		return o.places
	}
	return placesIn([]*trace.Trace{t}, func(_ views.Narrow, span int) palette.Item {
		return palette.Item{Action: views.OpenTrace{Trace: t, Span: span}}
	})
}

// narrowing is what a service or an operation does for the list; a query holds no secret.
func narrowing(to views.Narrow, _ int) palette.Item {
	if session.HoldsSecret("", to.Value) {
		return palette.Item{Disabled: statistics.MaskedValue}
	}
	return palette.Item{Action: to}
}

// placesIn lists the services and operations of traces, in the order of their first spans. item makes what each does, of a query
// for it and the index of its first span.
func placesIn(traces []*trace.Trace, item func(to views.Narrow, span int) palette.Item) []palette.Item {
	type operation struct{ service, name trace.Symbol }
	services, operations := map[trace.Symbol]bool{}, map[operation]bool{}
	var items []palette.Item
	add := func(kind palette.Kind, text, field, value string, span int) {
		one := item(views.Narrow{Field: field, Value: value}, span)
		one.Kind, one.Text = kind, text
		items = append(items, one)
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
				add(palette.PaletteService, secrets.ServiceName(s), "service", s.Service(), i)
			}
			if s.Name() != "" {
				add(palette.PaletteOperation, views.SpanText(s), "name", s.Name(), i)
			}
		}
	}
	return items
}
