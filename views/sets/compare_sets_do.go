package sets

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
)

// Typing implements Screen: nothing is typed here.
func (s *Sets) Typing() bool { return false }

// Type implements Screen.
func (s *Sets) Type(tea.KeyPressMsg) views.Action { return nil }

// Bindings implements Screen.
func (s *Sets) Bindings() []views.Binding {
	return views.Once(&s.bindings, func() []views.Binding {
		none := views.When(func() bool { return len(s.rows) == 0 }, "nothing is compared")
		all := views.Moves(func(c views.Command) { s.Move(c, len(s.rows)); s.offBlank(c) }, none)
		all = append(all,
			views.Bind(views.Enter, s.enter).Unless(s.whyNotOpen),
			views.Bind(views.Left, views.Quiet(func() { s.fold(true) })).Unless(none),
			views.Bind(views.Right, views.Quiet(func() { s.fold(false) })).Unless(none),
			views.Bind(views.Fold, views.Quiet(func() { s.fold(!s.closed[s.rows[s.Row].section]) })).Unless(none),
			views.Bind(views.FoldAll, views.Quiet(func() { s.foldAll(true) })).Unless(none),
			views.Bind(views.OpenAll, views.Quiet(func() { s.foldAll(false) })).Unless(none),
			views.Bind(views.OtherSide, func() views.Action { s.side = 1 - s.side; return s.side.Say() }).Unless(none),
			views.Bind(views.Inspect, s.inspect).Unless(s.whyNotInspect),
			views.Bind(views.CopyLine, views.Copies("row", func() string { return s.line(s.rows[s.Row]) })).Unless(none),
			views.Bind(views.CopyTrace, s.copyTrace).Unless(s.whyNoTrace),
			views.Bind(views.Back, views.Leaves))
		return views.Footer(views.Offers(all, views.ShowFindings), views.ShowHelp, views.Enter, views.Fold, views.Inspect, views.OtherSide, views.Back)
	})
}

// whyNoTrace tells why the row under the cursor opens no trace.
func (s *Sets) whyNoTrace() string {
	r, ok := s.at()
	if !ok {
		return "nothing is compared"
	}
	if t, _ := s.example(r); t == nil {
		return "the row stands for no trace"
	}
	return ""
}

func (s *Sets) whyNotOpen() string {
	if r, ok := s.at(); ok && (r.kind == setTitle || r.kind == setMore) {
		return ""
	}
	return s.whyNoTrace()
}

func (s *Sets) whyNotInspect() string {
	r, ok := s.at()
	if !ok {
		return "nothing is compared"
	}
	if places := s.examples(r); places[views.Good].Facts == nil || places[views.Bad].Facts == nil {
		return "the row has no example on both sides"
	}
	return ""
}

// inspect compares the examples of both sides.
func (s *Sets) inspect() views.Action {
	places := s.examples(s.rows[s.Row])
	return views.CompareTraces{Good: places[views.Good].Facts.Trace, Bad: places[views.Bad].Facts.Trace}
}

func (s *Sets) copyTrace() views.Action {
	t, _ := s.example(s.rows[s.Row])
	return views.Copy{What: "trace id", Text: t.ID().String()}
}

// offBlank moves the cursor on where it came to a blank row.
func (s *Sets) offBlank(c views.Command) {
	if s.rows[s.Row].kind != setBlank {
		return
	}
	switch c {
	case views.Up, views.PageUp, views.HalfUp:
		s.Row--
	default:
		s.Row++
	}
	s.Clamp(len(s.rows))
}

// enter opens the row's example, or what the row stands for.
func (s *Sets) enter() views.Action {
	r := s.rows[s.Row]
	switch r.kind {
	case setTitle:
		s.fold(!s.closed[r.section])
		return nil
	case setMore:
		row := s.Row
		s.full[r.section] = true
		s.build()
		s.Row = row
		s.Clamp(len(s.rows))
		return nil
	default:
	}
	t, span := s.example(r)
	return views.OpenTrace{Trace: t, Span: span}
}

// fold closes or opens the section of the row under the cursor, which is on its title then.
func (s *Sets) fold(closed bool) {
	section := s.rows[s.Row].section
	if s.closed[section] != closed {
		s.closed[section] = closed
		s.rebuild(section)
	}
}

func (s *Sets) foldAll(closed bool) {
	section := s.rows[s.Row].section
	for i := range s.closed {
		s.closed[i] = closed
	}
	s.rebuild(section)
}

// rebuild makes the rows again, with the cursor on the title of a section.
func (s *Sets) rebuild(section setSection) {
	s.build()
	for k, r := range s.rows {
		if r.section == section && r.kind == setTitle {
			s.Row = k
		}
	}
	s.Clamp(len(s.rows))
}

// Mouse implements Screen: a click selects, on a title it folds; a double click opens; the wheel scrolls.
func (s *Sets) Mouse(m views.Mouse) views.Action {
	row, ok := s.RowAt(m.Y, len(s.rows))
	if m.Wheel == 0 && ok && s.rows[row].kind == setBlank || !s.Click(m, len(s.rows)) {
		return nil
	}
	if r := s.rows[s.Row]; m.Double || r.kind == setTitle || r.kind == setMore {
		return views.Do(s.Bindings(), views.Enter)
	}
	return nil
}

// Status implements Screen.
func (s *Sets) Status(*views.Env) (left, right string) {
	r, ok := s.at()
	if !ok {
		return s.pending, ""
	}
	left = draw.Clean(s.line(r))
	if t, _ := s.example(r); t != nil {
		return left, "enter opens trace " + views.ShortID(t.ID())
	}
	return left, ""
}

// partLine is a part of a difference as text.
func (s *Sets) partLine(part compare.Contribution) string {
	return fmt.Sprintf("%s %s: %s", draw.DurationSigned(part.Delta), s.c.PartName(part), part.Message)
}

// line is a row as text.
func (s *Sets) line(r setRow) string {
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
