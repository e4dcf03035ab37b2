package spans

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// Bindings implements Screen.
func (s *Spans) Bindings() []views.Binding {
	return views.Once(&s.bindings, func() []views.Binding {
		b := views.Binder{None: views.When(func() bool { return s.data == nil }, "the spans are not read yet")}
		b.Bind(views.Columns, func() views.Action { s.chooser = prompt.NewChooser(s.data.keys); return nil },
			func() string {
				if len(s.data.keys) == 0 {
					return "the spans have no attributes"
				}
				return ""
			})
		b.Bind(views.SortNext, func() views.Action { s.SortNext(); return s.arrange() })
		b.Bind(views.SortFlip, func() views.Action { s.SortFlip(); return s.arrange() })
		b.QuietPair(views.Right, views.Left, s.scroll, views.When(func() bool { return s.skip == 0 && s.more == 0 }, "all columns are on screen"))
		b.Quiet(views.Search, s.Start)
		b.None = s.whyEmpty
		b.Moves(func(c views.Command) { s.Move(c, len(s.rows)) })
		b.Bind(views.Enter, s.open)
		b.Pair(views.NextError, views.PrevError, s.toError)
		b.Bind(views.CopyLine, views.Copies("line", s.line))
		b.Bind(views.CopyValue, views.Copies("name", func() string { return views.SpanText(s.selected()) }))
		b.Bind(views.CopySpanID, views.Copies("span id", func() string { return s.selected().ID().String() }))
		b.Bind(views.CopyTrace, views.Copies("trace id", func() string { return s.selected().Trace().ID().String() }))
		b.None = nil
		b.Bind(views.HideOthers, s.toggleMatching, views.When(func() bool { return len(s.of) == 0 || s.of[0].Query == "" }, "nothing is searched for"))
		b.Bind(views.Back, s.back)
		return views.Footer(b.List, views.ShowHelp, views.Enter, views.SortNext, views.Search, views.Columns, views.NextError, views.HideOthers, views.Back)
	})
}

// selected returns the span under the cursor.
func (s *Spans) selected() trace.Span { return s.data.span(s.rows[s.Row]) }

// open opens the span under the cursor in its trace.
func (s *Spans) open() views.Action {
	span := s.selected()
	return views.OpenTrace{Trace: span.Trace(), Span: span.Index()}
}

// toError goes to the next span that failed, around the end.
func (s *Spans) toError(down bool) views.Action {
	row := s.Scroller.Next(len(s.rows), down, func(row int) bool { return s.data.status[s.rows[row]] >= statusFailed })
	switch row {
	case -1:
		return views.Say{Text: "no span shown has an error"}
	case s.Row:
		return views.Say{Text: "the only span with an error"}
	}
	s.Row = row
	s.Clamp(len(s.rows))
	return nil
}

// toggleMatching shows all spans of the traces, or only those that match.
func (s *Spans) toggleMatching() views.Action {
	s.all = !s.all
	s.of[0].Matching = !s.all
	return s.ask()
}

// find asks the program for what matches the query.
func (s *Spans) find(done bool) views.Action {
	s.Asked()
	return views.Query{Text: s.Query(), Done: done}
}

// back clears the query, then leaves.
func (s *Spans) back() views.Action {
	if s.Query() == "" {
		return views.Leave{}
	}
	s.Set("")
	return s.find(true)
}

// Typing implements Screen.
func (s *Spans) Typing() bool { return s.On || s.chooser.On }

// TypingHints are the keys while typing, the most useful first.
func (s *Spans) TypingHints() []key.Binding {
	if s.chooser.On {
		return prompt.SearchHints()
	}
	return s.Line.TypingHints()
}

// Type implements Screen: rows are filtered while the query is typed, and pages of them turn.
func (s *Spans) Type(key tea.KeyPressMsg) views.Action {
	if s.chooser.On {
		if key := s.chooser.Take(key); key != "" {
			return s.toggle(key)
		}
		return nil
	}
	was, action := s.Key(key)
	switch was {
	case prompt.TypedText:
		return s.find(false)
	case prompt.TypedDone:
		return s.find(true)
	case prompt.TypedBack:
		if s.Query() == s.Before {
			return nil
		}
		s.Input.SetText(s.Before)
		return s.find(false)
	case prompt.TypedOther:
		switch key.Keystroke() {
		case "pgup":
			s.Move(views.PageUp, len(s.rows))
		case "pgdown":
			s.Move(views.PageDown, len(s.rows))
		}
	case prompt.TypedNothing:
		if s.half != nil && !s.Popup.Open() {
			return s.take(s.half) // the word was meant as it stands
		}
	}
	return action
}

// Mouse implements Screen: a click selects, on a column's name it sorts, a double click opens.
func (s *Spans) Mouse(m views.Mouse) views.Action {
	if taken, changed := s.Popup.Mouse(m, &s.Input); changed {
		return s.find(false)
	} else if taken || s.whyEmpty() != "" || s.chooser.On {
		return nil
	}
	if s.ClickHead(m, func() {}) {
		return s.arrange()
	}
	if s.Click(m, len(s.rows)) && m.Double {
		return views.Do(s.Bindings(), views.Enter)
	}
	return nil
}

// line is the span under the cursor as text, with its attributes masked.
func (s *Spans) line() string {
	span, n := s.selected(), s.rows[s.Row]
	op := s.data.ops[s.data.op[n]]
	parts := []string{
		strings.TrimSpace(op.service + " " + op.name), views.Clock{}.DateTime(span.Start()),
		views.SpanDuration(span), "self " + draw.Duration(s.data.self[n]),
	}
	switch st := s.data.status[n]; {
	case st >= statusFailed:
		parts = append(parts, st.failure())
	case st == statusOK:
		parts = append(parts, "ok")
	}
	for _, a := range s.attrs {
		if a != nil && a.of[n] >= 0 {
			parts = append(parts, draw.Clean(secrets.Masked(a.key))+"="+draw.Clean(a.values[a.of[n]].shown))
		}
	}
	return strings.Join(parts, "  ")
}

// Status implements Screen.
func (s *Spans) Status(env *views.Env) (left, right string) {
	if why := s.whyEmpty(); why != "" {
		return why, ""
	}
	left = "span " + draw.Count(s.Row+1) + " of " + draw.Count(len(s.rows))
	if s.busy {
		left += draw.SegmentGap + "sorting"
	}
	if zone := env.Clock.ZoneName(s.selected().Start()); zone != "" {
		right = "times in " + zone
	}
	return left, right
}
