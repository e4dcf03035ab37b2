package findings

import (
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// sheet is a row of the list laid out for a width: one sentence, the cost, the evidence, common fixes, checks, caveats, and
// when the rule fires.
type sheet struct {
	table.Scroller
	lines []sheetLine
	laid  bool
	width int  // that they are laid out for
	tight bool // no air between the parts: there are few lines on screen
	at    int  // row of the list
	env   *views.Env

	head string // the label that waits for its first line, where labels stand beside

	allEvidence, allTraces bool // not only the first of them
}

// sheetLine is a line of the sheet; trace and span are where enter goes.
type sheetLine struct {
	runs    []table.Run
	right   []table.Run
	trace   *trace.Trace
	span    int
	finding *rule.Finding
	does    lineAction
}

// lineAction is what enter does on a line that goes nowhere.
type lineAction uint8

const (
	doesNothing lineAction = iota
	doesEvidence
	doesTraces
	doesRule
)

func (s *sheet) add(runs ...table.Run) { s.lines = append(s.lines, sheetLine{runs: runs}) }

// Sizes of the sheet, in cells and lines.
const (
	indent     = 2  // of what stands below its label
	labelWidth = 14 // of the labels that stand beside
	besideFrom = 64 // from this width on they do
	tightBelow = 16 // with fewer lines there is no air between the parts
)

// margin returns how far what is said in a part is indented, in cells.
func (s *sheet) margin() int {
	if s.width >= besideFrom {
		return labelWidth
	}
	return indent
}

// label begins a part of the sheet, with what is said of it: in a line of its own, or beside what follows.
func (s *sheet) label(text string, more ...table.Run) {
	if !s.tight {
		s.add()
	}
	s.head = ""
	if s.width >= besideFrom && draw.Width(text) < labelWidth {
		s.head = text
		if len(more) > 0 {
			more[0].Text = strings.TrimLeft(more[0].Text, " ")
			s.part(more...)
		}
		return
	}
	s.add(append([]table.Run{{Text: text, Ink: s.env.Theme.Key}}, more...)...)
}

// legend begins a part with what its signs mean, in as many lines as that takes: no word of it is cut.
func (s *sheet) legend(text string, signs [][]table.Run) {
	width := func(runs []table.Run) (n int) {
		for _, r := range runs {
			n += draw.Width(r.Text)
		}
		return n
	}
	const gap = "  "
	lines, used, room := [][]table.Run{nil}, 0, s.width-max(draw.Width(text), s.margin())
	for _, sign := range signs {
		n := len(gap) + width(sign)
		if used > 0 && used+n > room {
			lines, used, room = append(lines, nil), 0, s.width-s.margin()
		}
		used += n
		last := &lines[len(lines)-1]
		*last = append(append(*last, table.Run{Text: gap}), sign...)
	}
	for n, line := range lines {
		if n == 0 {
			s.label(text, line...)
			continue
		}
		s.part(line[1:]...)
	}
}

// lead returns what stands before a line of a part: its label or blanks.
func (s *sheet) lead() table.Run {
	text := s.head + strings.Repeat(" ", max(s.margin()-draw.Width(s.head), 0))
	s.head = ""
	return table.Run{Text: text, Ink: s.env.Theme.Key}
}

// part adds a line of a part.
func (s *sheet) part(runs ...table.Run) { s.add(append([]table.Run{s.lead()}, runs...)...) }

// text adds a text in lines of the whole width.
func (s *sheet) text(text string, ink draw.Ink) {
	for _, line := range draw.WrapWords(text, max(s.width-1, 8)) {
		s.add(table.Run{Text: line, Ink: ink})
	}
}

// say adds a text in lines to a part.
func (s *sheet) say(text string, ink draw.Ink) {
	for _, line := range draw.WrapWords(text, max(s.width-1-s.margin(), 8)) {
		s.part(table.Run{Text: line, Ink: ink})
	}
}

// item adds a text behind a sign to a part.
func (s *sheet) item(sign string, signInk draw.Ink, text string, ink draw.Ink) {
	for _, line := range draw.WrapWords(text, max(s.width-1-s.margin()-2, 8)) {
		s.part(table.Run{Text: sign + " ", Ink: signInk}, table.Run{Text: line, Ink: ink})
		sign = " "
	}
}

// list adds a part of several items, none where there are none.
func (s *sheet) list(label, sign string, items []string) {
	if len(items) == 0 {
		return
	}
	s.label(label)
	for _, text := range items {
		s.item(sign, s.env.Theme.Dim, text, s.env.Theme.Text)
	}
}
