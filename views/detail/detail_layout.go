package detail

import (
	"strings"

	"tracefall/views/draw"
)

// detailLine is one line of the detail: of a key the part that fits, of a value a line of it.
type detailLine struct {
	entry int32
	first bool   // of the entry: it has the key
	at    uint16 // the cell the text begins at
	key   string
	text  string // laid out already: nothing in it is hostile
	note  string // behind the text
	more  int    // bytes of the value that are not shown; the line offers them
}

// Widths in cells.
const (
	detailMargin = 3  // selection, fold, blank
	innerIndent  = 2  // of an event's attributes, and of a value below its key
	keyLeast     = 8  // the keys' column at least
	keyUsual     = 28 // most keys of OpenTelemetry's conventions
	valueLeast   = 16 // where less is left to values they go below their keys
	blockLeast   = 60 // the same for values of several lines
)

// layOut makes the lines of all sections that are open.
func (d *Detail) layOut() {
	d.lines = d.lines[:0]
	width := max(d.width-detailMargin-1, 1)
	for i := 0; i < len(d.entries); {
		section := d.entries[i].section
		end := i
		for end < len(d.entries) && d.entries[end].section == section {
			end++
		}
		keys := d.keyWidth(i, end, width)
		for ; i < end; i++ {
			d.layOutEntry(i, keys, width)
			if d.entries[i].kind == entryTitle && d.closed[section] {
				i = end
				break
			}
		}
	}
}

// keyWidth returns the width of a section's keys' column: that of its longest key, where that is not too long.
func (d *Detail) keyWidth(from, to, width int) int {
	n := keyLeast
	most := max(width*2/5, min(keyUsual, width/2))
	for _, e := range d.entries[from:to] {
		if e.kind == entryField {
			if key := draw.Width(draw.Escape(e.key)) + e.indent(); key <= most {
				n = max(n, key)
			}
		}
	}
	return n
}

func (e *detailEntry) indent() int {
	if e.inner {
		return innerIndent
	}
	return 0
}

// layOutEntry adds the lines of entry i.
func (d *Detail) layOutEntry(i, keys, width int) {
	e := &d.entries[i]
	switch e.kind {
	case entryTitle:
		d.lines = append(d.lines, detailLine{entry: int32(i), first: true, text: e.text})
	case entryNote:
		d.addText(i, e.text, "", 0, width, 0)
	case entryEvent, entryLink:
		d.layOutField(i, draw.Width(draw.Escape(e.key)), width)
	case entryField:
		d.layOutField(i, keys, width)
	}
}

// layOutField adds a key and its value. The key and the first line of the value share a line, unless the key is
// too long for its column or the value deserves the whole width.
func (d *Detail) layOutField(i, keys, width int) {
	e := &d.entries[i]
	key, head, left := draw.Escape(e.key), e.shown(), 0
	if !d.full[i] {
		head, left = cutValue(head, valueShown)
	}
	at := keys + 2
	below := width-at < valueLeast
	text := layOut(head, e.form(), max(width-at, 1))
	if width-at < blockLeast && strings.Contains(text, "\n") {
		below = true
	}
	if below {
		at = e.indent() + innerIndent
		text = layOut(head, e.form(), max(width-at, 1))
	}
	if below || draw.Width(key)+e.indent() > keys {
		for n, line := range draw.Wrap(key, max(width-e.indent(), 1)) {
			d.lines = append(d.lines, detailLine{entry: int32(i), first: n == 0, at: uint16(e.indent()), key: line})
		}
		key = ""
	}
	d.addText(i, text, key, at, max(width-at, 1), left)
}

func (e *detailEntry) form() valueForm { return formOf(e.key, e.value.Type(), e.raw()) }

// addText adds a text in lines of a width, the first of them with the key, and a line that offers the rest.
func (d *Detail) addText(i int, text, key string, at, width, left int) {
	first := len(d.lines) == 0 || d.lines[len(d.lines)-1].entry != int32(i)
	for _, line := range draw.Wrap(text, width) {
		d.lines = append(d.lines, detailLine{entry: int32(i), first: first, at: uint16(at), key: key, text: line})
		first, key = false, ""
	}
	if left > 0 {
		d.lines = append(d.lines, detailLine{entry: int32(i), at: uint16(at), more: left})
		return
	}
	d.addNote(i, at, width)
}

// noteGap is the cells between a value and the note about it.
const noteGap = 2

// addNote puts an entry's note behind its last line, or below it where there is no room.
func (d *Detail) addNote(i, at, width int) {
	note, last := d.entries[i].note, &d.lines[len(d.lines)-1]
	if note == "" {
		return
	}
	if n := draw.Width(last.text); n == 0 || n+noteGap+draw.Width(note) <= width {
		last.note = note
		return
	}
	for _, line := range draw.Wrap(note, width) {
		d.lines = append(d.lines, detailLine{entry: int32(i), at: uint16(at), note: line})
	}
}
