package detail

import (
	"strings"

	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// textLine is one line of the detail: of a key the part that fits, of a value a line of it.
type textLine struct {
	entry int32
	at    uint16 // the cell the text begins at
	key   string
	text  string // laid out already: nothing in it is hostile
	note  string // behind the text
	more  int    // bytes of the value that are not shown; the line offers them
}

// sheet is the entries of a span laid out in lines.
type sheet struct {
	entries []entry
	full    map[int]bool       // entries shown to their end
	closed  [sectionCount]bool // sections that are folded
	lines   []textLine
	width   int // that the lines are laid out for; 0: they are not
}

// Len returns how many lines there are.
func (s *sheet) Len() int { return len(s.lines) }

// of returns the entry that a line belongs to.
func (s *sheet) of(line int) *entry { return &s.entries[s.lines[line].entry] }

// title returns the line of a section's title, or else where.
func (s *sheet) title(section section, where int) int {
	for i := range s.lines {
		if e := s.of(i); e.section == section && e.kind == entryTitle {
			return i
		}
	}
	return where
}

// with lists the lines that contain a text given in lower case. Where that is broken over two lines, or not shown, the
// entry's first line stands for it.
func (s *sheet) with(lower string) []int {
	var list []int
	for i := 0; lower != "" && i < len(s.lines); {
		of, first, found := s.lines[i].entry, i, false
		for ; i < len(s.lines) && s.lines[i].entry == of; i++ {
			if l := &s.lines[i]; prompt.ContainsFold(l.key, lower) || prompt.ContainsFold(l.text, lower) {
				list, found = append(list, i), true
			}
		}
		if e := &s.entries[of]; !found && e.kind != entryTitle && e.matches(lower) {
			list = append(list, first)
		}
	}
	return list
}

// matches reports whether an entry contains a text given in lower case: all of its value counts, shown or not.
func (e *entry) matches(lower string) bool {
	return prompt.ContainsFold(e.key, lower) || prompt.ContainsFold(e.shown(), lower) ||
		e.kind == entryField && strings.Contains(lower, "=") && prompt.ContainsFold(e.key+"="+e.shown(), lower)
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
func (s *sheet) layOut() {
	s.lines = s.lines[:0]
	width := max(s.width-detailMargin-1, 1)
	for i := 0; i < len(s.entries); {
		section := s.entries[i].section
		end := i
		for end < len(s.entries) && s.entries[end].section == section {
			end++
		}
		keys := s.keyWidth(i, end, width)
		for ; i < end; i++ {
			s.layOutEntry(i, keys, width)
			if s.entries[i].kind == entryTitle && s.closed[section] {
				i = end
				break
			}
		}
	}
}

// keyWidth returns the width of a section's keys' column: that of its longest key, where that is not too long.
func (s *sheet) keyWidth(from, to, width int) int {
	n := keyLeast
	most := max(width*2/5, min(keyUsual, width/2))
	for _, e := range s.entries[from:to] {
		if e.kind == entryField {
			if key := draw.Width(draw.Escape(e.key)) + e.indent(); key <= most {
				n = max(n, key)
			}
		}
	}
	return n
}

func (e *entry) indent() int {
	if e.inner {
		return innerIndent
	}
	return 0
}

// layOutEntry adds the lines of entry i.
func (s *sheet) layOutEntry(i, keys, width int) {
	e := &s.entries[i]
	switch e.kind {
	case entryTitle:
		s.lines = append(s.lines, textLine{entry: int32(i), text: e.text})
	case entryNote:
		s.addText(i, e.text, "", 0, width, 0)
	case entryEvent, entryLink:
		s.layOutField(i, draw.Width(draw.Escape(e.key)), width)
	case entryField:
		s.layOutField(i, keys, width)
	}
}

// layOutField adds a key and its value. The key and the first line of the value share a line, unless the key is
// too long for its column or the value deserves the whole width.
func (s *sheet) layOutField(i, keys, width int) {
	e := &s.entries[i]
	key, head, left := draw.Escape(e.key), e.shown(), 0
	if !s.full[i] {
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
		for _, line := range draw.Wrap(key, max(width-e.indent(), 1)) {
			s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(e.indent()), key: line})
		}
		key = ""
	}
	s.addText(i, text, key, at, max(width-at, 1), left)
}

func (e *entry) form() valueForm { return formOf(e.key, e.value.Type(), e.raw()) }

// addText adds a text in lines of a width, the first of them with the key, and a line that offers the rest.
func (s *sheet) addText(i int, text, key string, at, width, left int) {
	for _, line := range draw.Wrap(text, width) {
		s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), key: key, text: line})
		key = ""
	}
	if left > 0 {
		s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), more: left})
		return
	}
	s.addNote(i, at, width)
}

// noteGap is the cells between a value and the note about it.
const noteGap = 2

// addNote puts an entry's note behind its last line, or below it where there is no room.
func (s *sheet) addNote(i, at, width int) {
	note, last := s.entries[i].note, &s.lines[len(s.lines)-1]
	if note == "" {
		return
	}
	if n := draw.Width(last.text); n == 0 || n+noteGap+draw.Width(note) <= width {
		last.note = note
		return
	}
	for _, line := range draw.Wrap(note, width) {
		s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), note: line})
	}
}
