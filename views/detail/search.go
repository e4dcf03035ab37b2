package detail

import (
	"maps"
	"sort"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/prompt"
)

// Typing reports whether keys go to the search.
func (d *Detail) Typing() bool { return d.search.On }

func (d *Detail) startSearch() {
	d.search.Start(d.Row)
	d.before = d.closed
}

// Type takes a key of the search's text.
func (d *Detail) Type(key tea.KeyPressMsg) views.Action {
	switch was, step := d.search.Key(key); was {
	case prompt.TypedBack:
		d.openFound()
		d.To(d.search.Origin)
	case prompt.TypedOther:
		d.To(d.Row + step)
	case prompt.TypedText:
		d.openFound()
		d.show(d.search.Next(d.search.Origin, true))
	case prompt.TypedDone, prompt.TypedNothing:
	}
	return nil
}

// openFound finds what is searched for, and opens the sections that hold it; others are as they were before.
func (d *Detail) openFound() {
	lower := d.needle()
	was := d.closed
	d.closed = maps.Clone(d.before)
	for i := range d.entries {
		if e := &d.entries[i]; lower != "" && d.hides(e) && !e.kind.titles() && e.matches(lower) {
			delete(d.closed, part{section: e.section})
			delete(d.closed, e.part())
		}
	}
	if !maps.Equal(d.closed, was) {
		d.layAgain()
		return
	}
	d.find()
}

// jump goes to the next or previous found line; at the end it begins again, and says so.
func (d *Detail) jump(forward bool) views.Action {
	found := d.search.Found
	n, message := len(found), ""
	k := sort.SearchInts(found, d.Row)
	if forward {
		if k < n && found[k] == d.Row {
			k++
		}
		if k == n {
			k, message = 0, "no match below: back to the first"
		}
	} else if k--; k < 0 {
		k, message = n-1, "no match above: back to the last"
	}
	if n == 1 && message != "" {
		message = "this is the only match"
	}
	d.show(found[k])
	return views.Tell(message)
}
