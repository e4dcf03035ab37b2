package detail

import (
	"sort"
	"strings"
	"tracefall/views"
	"tracefall/views/prompt"

	tea "charm.land/bubbletea/v2"
)

// search is the search within the detail.
type search struct {
	input  prompt.Input
	typing bool
	before string             // the text when typing began: esc goes back to it
	origin int                // the line the cursor was on then
	closed [sectionCount]bool // and what was folded then
	found  []int              // lines, in order
}

// Typing tells whether keys go to the search.
func (d *Detail) Typing() bool { return d.search.typing }

func (d *Detail) searching() bool { return d.search.typing || d.search.input.Text() != "" }

func (d *Detail) startSearch() {
	d.search.typing, d.search.before, d.search.origin = true, d.search.input.Text(), d.cursor
	d.search.closed = d.closed
}

// Type takes a key of the search's text.
func (d *Detail) Type(key tea.KeyPressMsg) views.Action {
	s := &d.search
	switch key.Keystroke() {
	case "enter":
		s.typing = false
		return nil
	case "esc", "ctrl+c", "ctrl+g":
		s.typing = false
		s.input.SetText(s.before)
		d.openFound()
		d.cursor = s.origin
		d.follow()
		return nil
	case "up", "ctrl+p":
		d.Move(views.Up)
		return nil
	case "down", "ctrl+n":
		d.Move(views.Down)
		return nil
	}
	if _, changed := s.input.Key(key); changed {
		d.openFound()
		d.seek()
	}
	return nil
}

func (d *Detail) setSearch(text string) {
	d.search.input.SetText(text)
	d.Find()
}

func (d *Detail) needle() string { return strings.ToLower(d.search.input.Text()) }

// matches tells whether an entry contains a text given in lower case: all of its value counts, shown or not.
func (e *detailEntry) matches(lower string) bool {
	return prompt.ContainsFold(e.key, lower) || prompt.ContainsFold(e.shown(), lower) || e.kind == entryField && strings.Contains(lower, "=") && prompt.ContainsFold(e.key+"="+e.shown(), lower)
}

// openFound finds what is searched for, and opens the sections that hold it; others are as they were before.
func (d *Detail) openFound() {
	lower := d.needle()
	was := d.closed
	d.closed = d.search.closed
	for i := range d.entries {
		if e := &d.entries[i]; lower != "" && d.closed[e.section] && e.kind != entryTitle && e.matches(lower) {
			d.closed[e.section] = false
		}
	}
	if d.closed != was {
		d.layAgain()
		return
	}
	d.Find()
}

// Find lists the lines that contain what is searched for. Where that is broken over two lines, or not shown, the
// entry's first line stands for it.
func (d *Detail) Find() {
	d.search.found = d.search.found[:0]
	lower := d.needle()
	if lower == "" {
		return
	}
	for i := 0; i < len(d.lines); {
		entry, first, found := d.lines[i].entry, i, false
		for ; i < len(d.lines) && d.lines[i].entry == entry; i++ {
			if l := &d.lines[i]; prompt.ContainsFold(l.key, lower) || prompt.ContainsFold(l.text, lower) {
				d.search.found, found = append(d.search.found, i), true
			}
		}
		if e := &d.entries[entry]; !found && e.kind != entryTitle && e.matches(lower) {
			d.search.found = append(d.search.found, first)
		}
	}
}

// seek moves the cursor to the first found line from where the search began.
func (d *Detail) seek() {
	found := d.search.found
	if len(found) == 0 {
		d.show(d.search.origin)
		return
	}
	k := sort.SearchInts(found, d.search.origin)
	d.show(found[k%len(found)])
}

// jump goes to the next or previous found line; at the end it begins again, and says so.
func (d *Detail) jump(forward bool) views.Action {
	found := d.search.found
	n, message := len(found), ""
	k := sort.SearchInts(found, d.cursor)
	switch {
	case forward:
		if k < n && found[k] == d.cursor {
			k++
		}
		if k == n {
			k, message = 0, "no match further down; this is the first"
		}
	default:
		if k--; k < 0 {
			k, message = n-1, "no match further up; this is the last"
		}
	}
	if n == 1 && message != "" {
		message = "this is the only match"
	}
	d.show(found[k])
	if message == "" {
		return nil
	}
	return views.Say{Text: message}
}
