package views

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/compare"
	"tracefall/views/draw"
)

// Typing implements Screen: nothing is typed here.
func (s *CompareSets) Typing() bool { return false }

// Type implements Screen.
func (s *CompareSets) Type(tea.KeyPressMsg) Action { return nil }

// Can implements Screen.
func (s *CompareSets) Can(c Command) string {
	if c == Back {
		return ""
	}
	if reason, known := s.canMove(c, len(s.rows), "nothing is compared"); known {
		return reason
	}
	switch c {
	case Enter, Left, Right, Fold, FoldAll, OpenAll, OtherSide, Inspect, CopyLine, CopyTrace:
	default:
		return NotHere
	}
	r, ok := s.at()
	if !ok {
		return "nothing is compared"
	}
	t, _ := s.example(r)
	places := s.examples(r)
	switch {
	case c == Enter && t == nil && r.kind != setTitle && r.kind != setMore, c == CopyTrace && t == nil:
		return "the row stands for no trace"
	case c == Inspect && (places[goodSide].Facts == nil || places[badSide].Facts == nil):
		return "the row has no example on both sides"
	}
	return ""
}

// Do implements Screen.
func (s *CompareSets) Do(c Command) Action {
	switch {
	case s.Can(c) != "":
		return nil
	case c == Back:
		return Leave{}
	case s.move(c, len(s.rows)):
		s.offBlank(c)
		return nil
	}
	r, _ := s.at()
	switch c {
	case Enter:
		return s.enter(r)
	case Left, Right, Fold:
		s.fold(r, c == Left || c == Fold && !s.closed[r.section])
	case FoldAll, OpenAll:
		for i := range s.closed {
			s.closed[i] = c == FoldAll
		}
		s.rebuild(r.section)
	case OtherSide:
		s.side = 1 - s.side
		return s.side.say()
	case Inspect:
		places := s.examples(r)
		return CompareTraces{Good: places[goodSide].Facts.Trace, Bad: places[badSide].Facts.Trace}
	case CopyLine:
		return Copy{"row", s.line(r)}
	case CopyTrace:
		t, _ := s.example(r)
		return Copy{"trace id", t.ID().String()}
	}
	return nil
}

// offBlank moves the cursor on where it came to a blank row.
func (s *CompareSets) offBlank(c Command) {
	if s.rows[s.row].kind != setBlank {
		return
	}
	switch c {
	case Up, PageUp, HalfUp:
		s.row--
	default:
		s.row++
	}
	s.clamp(len(s.rows))
}

// enter opens the row's example, or what the row stands for.
func (s *CompareSets) enter(r setRow) Action {
	switch r.kind {
	case setTitle:
		s.fold(r, !s.closed[r.section])
		return nil
	case setMore:
		row := s.row
		s.full[r.section] = true
		s.build()
		s.row = row
		s.clamp(len(s.rows))
		return nil
	default:
	}
	t, span := s.example(r)
	return OpenTrace{Trace: t, Span: span}
}

// fold closes or opens the section of a row; the cursor is on its title then.
func (s *CompareSets) fold(r setRow, closed bool) {
	if s.closed[r.section] == closed {
		return
	}
	s.closed[r.section] = closed
	s.rebuild(r.section)
}

// rebuild makes the rows again, with the cursor on the title of a section.
func (s *CompareSets) rebuild(section setSection) {
	s.build()
	for k, r := range s.rows {
		if r.section == section && r.kind == setTitle {
			s.row = k
		}
	}
	s.clamp(len(s.rows))
}

// Mouse implements Screen: a click selects, on a title it folds; a double click opens; the wheel scrolls.
func (s *CompareSets) Mouse(m Mouse) Action {
	if s.c == nil {
		return nil
	}
	if m.Wheel != 0 {
		s.wheel(m.Wheel, len(s.rows))
		return nil
	}
	row := s.top + m.Y - s.first
	if m.Y < s.first || m.Y >= s.first+s.height || row >= len(s.rows) {
		return nil
	}
	r := s.rows[row]
	if r.kind == setBlank {
		return nil
	}
	s.row = row
	s.clamp(len(s.rows))
	if m.Double || r.kind == setTitle || r.kind == setMore {
		return s.Do(Enter)
	}
	return nil
}

// Status implements Screen.
func (s *CompareSets) Status(*Env) (left, right string) {
	r, ok := s.at()
	if !ok {
		return s.pending, ""
	}
	left = draw.Clean(s.line(r))
	if t, _ := s.example(r); t != nil {
		return left, "enter opens trace " + shortID(t.ID())
	}
	return left, ""
}

// partLine is a part of a difference as text.
func (s *CompareSets) partLine(part compare.Contribution) string {
	return fmt.Sprintf("%s %s: %s", draw.DurationSigned(part.Delta), s.c.PartName(part), part.Message)
}

// line is a row as text.
func (s *CompareSets) line(r setRow) string {
	switch r.kind {
	case setTitle:
		return setSectionTitles[r.section].title
	case setNone:
		return s.emptyText(r.section)
	case setProof:
		return s.proofText(r)
	case setNote:
		return s.standing(r.item)
	case setItem:
	case setMore, setBlank:
		return ""
	}
	c := s.c
	switch r.section {
	case setSummary:
		cells := s.summary(r.item)
		return strings.TrimSpace(summaryLines[r.item] + " " + cells[0] + " → " + cells[1] + " " + cells[2] + " " + cells[3])
	case setCulprits:
		text := c.Culprits[r.item].Service + ": " + c.Culprits[r.item].Message
		if note := s.standing(r.item); note != "" {
			text += "; " + note
		}
		return text
	case setContributions:
		return s.partLine(c.Contributions[r.item])
	case setTail:
		return s.partLine(s.tail()[r.item])
	case setAttributes:
		a := &c.Attributes[r.item]
		values := percentText(a.Share(0)) + " → " + percentText(a.Share(1))
		if a.Numbers != nil {
			values = "p50 " + number(a.Numbers.P50[0]) + " → " + number(a.Numbers.P50[1]) + ", " + numbersText(a.Numbers)
		}
		text := fmt.Sprintf("%s %s: %s, %s", a.Scope, attributeText(a), values, qText(a.Q))
		if len(a.Also) > 0 {
			text += "; the same traces have " + strings.Join(a.Also, ", ")
		}
		return text
	case setShapes:
		return s.wayOf(r.item).line()
	case setCalls:
		return setCallName(c.Calls[s.changed[r.item]].Op) + ": " + s.callText(s.changed[r.item], true)
	case setLeftOut:
		return s.leftOutText(r.item)
	case setSampling:
		return s.samplerText(r.item)
	default:
		return ""
	}
}
