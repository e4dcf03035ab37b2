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
	tone  lineTone
	key   string
	text  string // laid out already: nothing in it is hostile
	note  string // behind the text
	offer string // what of the value is not shown, such as "31 more frames"; the line offers it
}

// lineTone is how much a line of a value matters.
type lineTone uint8

const (
	linePlain  lineTone = iota
	lineStrong          // a frame of the application's own code
	lineDim             // a frame of a library
)

// part names what folds: a section, or a namespace of the attributes in it.
type part struct {
	section section
	group   string // "" for the section itself
}

// sheet is the entries of a span laid out in lines.
type sheet struct {
	entries []entry
	full    map[int]bool  // entries shown to their end
	closed  map[part]bool // what is folded
	lines   []textLine
	width   int // that the lines are laid out for; 0: they are not
}

// Len returns how many lines there are.
func (s *sheet) Len() int { return len(s.lines) }

// of returns the entry that a line belongs to.
func (s *sheet) of(line int) *entry { return &s.entries[s.lines[line].entry] }

// title returns the line of the title of a part, or else where.
func (s *sheet) title(of part, where int) int {
	for i := range s.lines {
		if e := s.of(i); e.kind.titles() && e.part() == of {
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
		if e := &s.entries[of]; !found && !e.kind.titles() && e.matches(lower) {
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
	innerIndent  = 2  // of an event's attributes, of those of a namespace, and of a value below its key
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
		of, end := s.entries[i].part(), i
		for end < len(s.entries) && s.entries[end].part() == of {
			end++
		}
		keys := s.keyWidth(i, end, width)
		for ; i < end; i++ {
			if !s.hides(&s.entries[i]) {
				s.layOutEntry(i, keys, width)
			}
		}
	}
}

// hides reports whether an entry is folded away.
func (s *sheet) hides(e *entry) bool {
	if e.kind == entryTitle {
		return false
	}
	return s.closed[part{section: e.section}] || e.kind != entryGroup && e.group != "" && s.closed[e.part()]
}

// keyWidth returns the width of the keys' column of a section or a namespace: that of its longest key, where that is not too long.
func (s *sheet) keyWidth(from, to, width int) int {
	n := keyLeast
	most := max(width*2/5, min(keyUsual, width/2))
	for i := from; i < to; i++ {
		if e := &s.entries[i]; e.kind == entryField || e.kind == entryMessage {
			if key := draw.Width(draw.Escape(e.name())) + e.indent(); key <= most {
				n = max(n, key)
			}
		}
	}
	return n
}

func (e *entry) indent() int {
	n := 0
	if e.inner {
		n += innerIndent
	}
	if e.group != "" && e.kind != entryGroup {
		n += innerIndent
	}
	return n
}

// layOutEntry adds the lines of entry i.
func (s *sheet) layOutEntry(i, keys, width int) {
	e := &s.entries[i]
	switch e.kind {
	case entryTitle, entryGroup:
		s.lines = append(s.lines, textLine{entry: int32(i), text: e.text})
	case entryNote:
		s.addText(i, draw.Wrap(e.text, width), "", 0, width, "")
	case entryEvent, entryLink:
		s.layOutField(i, draw.Width(draw.Escape(e.key)), width)
	case entryField, entryMessage:
		s.layOutField(i, keys, width)
	}
}

// layOutField adds a key and its value. The key and the first line of the value share a line, unless the key is
// too long for its column or the value deserves the whole width.
func (s *sheet) layOutField(i, keys, width int) {
	e := &s.entries[i]
	form := e.form()
	if e.brief && !s.full[i] {
		form = formPlain
	}
	key, head, left := draw.Escape(e.name()), e.shown(), 0
	if !s.full[i] {
		most := valueShown
		if form == formStack {
			most = stackRead
		}
		head, left = cutValue(head, most)
	}
	at := keys + 2
	below := width-at < valueLeast
	if form == formStack {
		below = below || width-at < blockLeast
	} else if text := layOut(head, form, max(width-at, 1)); width-at < blockLeast && (strings.Contains(text, "\n") || breaksWord(text, width-at)) {
		below = true
	}
	if (e.kind == entryMessage || e.brief) && width-at >= valueLeast {
		below = false
	}
	if below {
		at = e.indent() + innerIndent
	}
	keyEnd := draw.Width(key) + e.indent()
	if !below && keyEnd > keys && len(head) <= width && !strings.Contains(head, "\n") && keyEnd+noteGap+draw.Width(draw.Escape(head))+e.noteWidth() <= width {
		at = keyEnd + noteGap // both fit into one line, beside the column
	} else if below || keyEnd > keys {
		if width-at < blockLeast {
			at = e.indent() + innerIndent
		}
		for _, line := range draw.Wrap(key, max(width-e.indent(), 1)) {
			s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(e.indent()), key: line})
		}
		key = ""
	}
	room := max(width-at, 1)
	if form == formStack {
		s.addStack(i, head, key, at, room, left)
		return
	}
	offer := ""
	if left > 0 {
		offer = draw.Bytes(int64(left)) + " more"
	}
	lines := draw.Wrap(layOut(head, form, room), room)
	if most := e.linesShown(); most > 0 && len(lines) > most+1 {
		if e.long = true; !s.full[i] {
			offer = draw.CountNoun(len(lines)-most, "more line", "more lines")
			if left > 0 {
				offer = draw.Bytes(int64(len(e.shown()))) + " total"
			}
			lines = lines[:most]
			if e.brief {
				offer = ""
				lines[0] = draw.Head(lines[0], room-1) + "…"
			}
		}
	}
	e.long = e.long || left > 0
	s.addText(i, lines, key, at, room, offer)
}

// breaksWord reports whether a short text has a word that is broken at a width, as addresses and ids are.
func breaksWord(text string, width int) bool {
	const short = 400 // bytes
	if len(text) > short {
		return false
	}
	for word := range strings.FieldsSeq(text) {
		if draw.Width(word) > width {
			return true
		}
	}
	return false
}

// Lines that a value is shown in until all of it is asked for.
const (
	messageLines = 24 // of a message of a conversation
	briefLines   = 1  // of what is laid out elsewhere
)

// linesShown returns how many lines of a value are shown until all of it is asked for, 0 for no limit.
func (e *entry) linesShown() int {
	switch {
	case e.brief:
		return briefLines
	case e.kind == entryMessage:
		return messageLines
	}
	return 0
}

func (e *entry) form() valueForm {
	if e.kind == entryMessage {
		return formOf("", e.value.Type(), e.raw())
	}
	return formOf(e.key, e.value.Type(), e.raw())
}

// addText adds the lines of a text, the first of them with the key, and a line that offers the rest.
func (s *sheet) addText(i int, lines []string, key string, at, width int, offer string) {
	for _, line := range lines {
		s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), key: key, text: line})
		key = ""
	}
	if offer != "" {
		s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), offer: offer})
		return
	}
	s.addNote(i, at, width)
}

// addStack adds the lines of a stack trace: of many frames the first and those of the application's own code, until all
// are asked for.
func (s *sheet) addStack(i int, text, key string, at, width, left int) {
	e := &s.entries[i]
	frames := framesOf(text)
	shown, hidden := frames, 0
	if !s.full[i] {
		shown, hidden = foldFrames(frames)
	}
	e.long = e.long || hidden > 0 || left > 0
	for _, f := range shown {
		tone := linePlain
		switch {
		case f.own:
			tone = lineStrong
		case f.frame || f.skipped > 0:
			tone = lineDim
		}
		for _, line := range f.wrapped(width) {
			s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), key: key, text: line, tone: tone})
			key = ""
		}
	}
	switch {
	case left > 0:
		s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), offer: draw.Bytes(int64(left)) + " more"})
	case hidden > 0:
		s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), offer: draw.CountNoun(hidden, "more frame", "more frames")})
	default:
		s.addNote(i, at, width)
	}
}

// noteGap is the cells between a value and the note about it.
const noteGap = 2

// noteWidth returns the cells that the note takes behind a value, with the gap between them.
func (e *entry) noteWidth() int {
	if e.note == "" || e.spare {
		return 0
	}
	return noteGap + draw.Width(e.note)
}

// addNote puts an entry's note behind its last line, or below it where there is no room.
func (s *sheet) addNote(i, at, width int) {
	if len(s.lines) == 0 {
		return
	}
	note, last := s.entries[i].note, &s.lines[len(s.lines)-1]
	if note == "" {
		return
	}
	if n := draw.Width(last.text); n == 0 || n+noteGap+draw.Width(note) <= width {
		last.note = note
		return
	}
	if s.entries[i].spare {
		return
	}
	for _, line := range draw.Wrap(note, width) {
		s.lines = append(s.lines, textLine{entry: int32(i), at: uint16(at), note: line})
	}
}
