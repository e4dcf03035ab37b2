package detail

import (
	"sort"
	"strings"

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

// needle is what is searched for, in lower case.
func (d *Detail) needle() string { return strings.ToLower(d.search.Input.Text()) }

// matches reports whether an entry contains a text given in lower case: all of its value counts, shown or not.
func (e *entry) matches(lower string) bool {
	return prompt.ContainsFold(e.key, lower) || prompt.ContainsFold(e.shown(), lower) ||
		e.kind == entryField && strings.Contains(lower, "=") && prompt.ContainsFold(e.key+"="+e.shown(), lower)
}

// openFound finds what is searched for, and opens the sections that hold it; others are as they were before.
func (d *Detail) openFound() {
	lower := d.needle()
	was := d.closed
	d.closed = d.before
	for i := range d.entries {
		if e := &d.entries[i]; lower != "" && d.closed[e.section] && e.kind != entryTitle && e.matches(lower) {
			d.closed[e.section] = false
		}
	}
	if d.closed != was {
		d.layAgain()
		return
	}
	d.find()
}

// find lists the lines that contain what is searched for. Where that is broken over two lines, or not shown, the
// entry's first line stands for it.
func (d *Detail) find() {
	s := &d.search
	s.Found = s.Found[:0]
	lower := d.needle()
	if lower == "" {
		return
	}
	for i := 0; i < len(d.lines); {
		of, first, found := d.lines[i].entry, i, false
		for ; i < len(d.lines) && d.lines[i].entry == of; i++ {
			if l := &d.lines[i]; prompt.ContainsFold(l.key, lower) || prompt.ContainsFold(l.text, lower) {
				s.Found, found = append(s.Found, i), true
			}
		}
		if e := &d.entries[of]; !found && e.kind != entryTitle && e.matches(lower) {
			s.Found = append(s.Found, first)
		}
	}
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
			k, message = 0, "no match further down; this is the first"
		}
	} else if k--; k < 0 {
		k, message = n-1, "no match further up; this is the last"
	}
	if n == 1 && message != "" {
		message = "this is the only match"
	}
	d.show(found[k])
	return views.Tell(message)
}
