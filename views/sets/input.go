package sets

import (
	"slices"

	tea "charm.land/bubbletea/v2"

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
		b := views.Binder{None: views.When(func() bool { return len(s.rows) == 0 }, "nothing is compared")}
		b.Moves(func(c views.Command) { s.Move(c, len(s.rows)); s.offBlank(c) })
		b.Bind(views.Enter, s.enter, s.whyNotOpen)
		b.QuietPair(views.Left, views.Right, s.fold)
		b.Quiet(views.Fold, s.toggle)
		b.QuietPair(views.FoldAll, views.OpenAll, s.foldAll)
		b.Bind(views.OtherSide, func() views.Action { s.side = 1 - s.side; return s.side.Say() })
		b.Bind(views.Inspect, s.inspect, s.whyNotInspect)
		b.Bind(views.CopyLine, views.Copies("row", func() string { return s.line(s.rows[s.Row]) }))
		b.Bind(views.CopyTrace, s.copyTrace, s.whyNoTrace)
		b.None = nil
		b.Bind(views.Back, views.Leaves)
		return views.Footer(views.Offers(b.List, views.ShowFindings), views.ShowHelp, views.Enter, views.Inspect, views.Fold, views.OtherSide, views.Back)
	})
}

// whyNoTrace tells why the row under the cursor opens no trace.
func (s *Sets) whyNoTrace() string {
	if t, _ := s.example(s.rows[s.Row]); t == nil {
		return "the row stands for no trace"
	}
	return ""
}

func (s *Sets) whyNotOpen() string {
	if r := s.rows[s.Row]; r.kind == setTitle || r.kind == setMore {
		return ""
	}
	return s.whyNoTrace()
}

func (s *Sets) whyNotInspect() string {
	if places := s.examples(s.rows[s.Row]); places[views.Good].Facts == nil || places[views.Bad].Facts == nil {
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

// toggle folds what the row under the cursor belongs to, or opens it: the evidence of a culprit, else the section.
func (s *Sets) toggle() {
	if r := s.rows[s.Row]; s.hasProofs(r) {
		s.fold(s.proofs[r.item])
		return
	}
	s.fold(!s.closed[s.rows[s.Row].section])
}

// hasProofs reports whether a row is of a culprit that has evidence to be shown.
func (s *Sets) hasProofs(r setRow) bool {
	item := r.kind == setItem || r.kind == setProof || r.kind == setNote
	return item && r.section == setCulprits && len(s.c.Culprits[r.item].Evidence) > 0
}

// fold closes or opens the evidence of the culprit under the cursor, or where that is so already the section; the cursor is
// then on the culprit, or on the title.
func (s *Sets) fold(closed bool) {
	r := s.rows[s.Row]
	if s.hasProofs(r) && s.proofs[r.item] == closed {
		s.proofs[r.item] = !closed
		s.build()
		s.Row = slices.IndexFunc(s.rows, func(o setRow) bool { return o.section == r.section && o.kind == setItem && o.item == r.item })
		s.Clamp(len(s.rows))
		return
	}
	section := r.section
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
	section, n := setSectionTitles[r.section], s.items[r.section]
	switch {
	case section.item == "":
		return section.title, ""
	case r.kind == setItem:
		return section.item + " " + draw.Count(r.item+1) + " of " + draw.Count(n), ""
	}
	return draw.Amount(n, section.item), ""
}
