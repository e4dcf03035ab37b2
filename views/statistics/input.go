package statistics

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// Bindings implements Screen.
func (s *Statistics) Bindings() []views.Binding {
	return views.Once(&s.bindings, func() []views.Binding {
		b := views.Binder{None: views.When(func() bool { return s.of.Set == nil }, "no trace is open")}
		b.Pair(views.Right, views.Left, s.turn)
		b.Bind(views.Group, func() views.Action { return s.turn(true) })
		b.Quiet(views.Search, s.choose)
		b.None = s.whyEmpty
		b.Moves(func(c views.Command) { s.Move(c, len(s.stats)) })
		b.Bind(views.Enter, s.enter, s.whyNotNarrow)
		s.Bind(&b, s.sortKeeping)
		b.Bind(views.CopyLine, views.Copies("line", func() string { return s.line(s.stats[s.Row]) }))
		b.Bind(views.CopyValue, views.Copies("name", func() string { return s.name(s.stats[s.Row]) }))
		b.None = nil
		b.Bind(views.Back, views.Leaves)
		b.Bind(views.HideOthers, s.toggleMatching, views.When(func() bool { return s.of.Query == "" }, "nothing is searched for"))
		return views.Footer(b.List, views.ShowHelp, views.Enter, views.SortNext, views.Search, views.HideOthers, views.Share, views.Back)
	})
}

// whyEmpty says why there is no row, "" where there are some.
func (s *Statistics) whyEmpty() string {
	switch {
	case len(s.stats) > 0:
		return ""
	case s.of.Set == nil:
		return "no trace is open"
	case !s.ready && s.total > 1:
		return draw.Count(s.done) + " of " + draw.CountNoun(s.total, "trace", "traces") + " counted"
	case !s.ready:
		return "counting spans"
	case s.of.Matching:
		return "no span matches"
	case s.of.Trace == nil:
		return "there are no spans"
	}
	return "the trace has no spans"
}

func (s *Statistics) enter() views.Action {
	action, _ := s.narrow()
	return action
}

func (s *Statistics) whyNotNarrow() string {
	_, reason := s.narrow()
	return reason
}

// toggleMatching counts only what matches, or all again.
func (s *Statistics) toggleMatching() views.Action {
	s.of.Matching, s.ready, s.stats = !s.of.Matching, false, nil
	return s.ask()
}

// turn goes to the next grouping, or the one before.
func (s *Statistics) turn(forward bool) views.Action {
	list, by := s.groupings(), 1
	if !forward {
		by = len(list) - 1
	}
	return s.group(list[(slices.Index(list, s.by)+by)%len(list)])
}

// sortKeeping sorts; the cursor stays on its group.
func (s *Statistics) sortKeeping() {
	at := s.stats[s.Row]
	s.order()
	s.Row = slices.IndexFunc(s.stats, func(stat *facts.Stat) bool { return stat.Key == at.Key && stat.Missing == at.Missing })
	s.Clamp(len(s.stats))
}

// narrow returns what shows the spans of the group under the cursor in the waterfall, or the traces that have some in
// the list, or why nothing does.
func (s *Statistics) narrow() (action views.Action, reason string) {
	stat := s.stats[s.Row]
	span := stat.Trace.Span(stat.Longest)
	switch s.by {
	case GroupService:
		if stat.Missing {
			return nil, "these spans name no service"
		}
		if isSecret("", span.Service()) {
			return nil, MaskedValue
		}
		return views.Narrow{Field: "service", Value: stat.Key}, ""
	case GroupOperation:
		if isSecret("", span.Service()) || isSecret("", span.Name()) {
			return nil, MaskedValue
		}
		name := views.Narrow{Field: "name", Value: span.Name()}
		if span.Service() == "" {
			return name, ""
		}
		return views.Narrow{Field: "service", Value: span.Service(), And: &name}, ""
	case GroupTemplate, GroupEdge:
		// A query has no words for what the names of a template have in common, or the calls of an edge.
		return views.OpenTrace{Trace: stat.Trace, Span: stat.Longest}, ""
	}
	if stat.Missing {
		return nil, "these spans do not have " + draw.Clean(secrets.Masked(s.by))
	}
	v := span.Attrs().Get(s.by)
	if v.Type() == trace.TypeNone {
		v = span.Resource().Attrs().Get(s.by)
	}
	if v.String() != stat.Key {
		return nil, MaskedValue
	}
	return views.Narrow{Field: query.Attribute(s.by), Value: stat.Key}, ""
}

// MaskedValue is why a value can be neither narrowed to nor asked for.
const MaskedValue = "the value is masked and cannot be asked for"

// isSecret reports whether a value must not be written into a query.
func isSecret(key, value string) bool {
	_, ok := secrets.Opens(key, value)
	return ok
}

// line is a row as text.
func (s *Statistics) line(stat *facts.Stat) string {
	return s.name(stat) + ": " + draw.CountNoun(stat.Count, "span", "spans") + ", " + draw.CountNoun(stat.Errors, "error", "errors") +
		", total " + duration(stat, stat.Total) + ", self " + duration(stat, stat.Self) + ", critical path without children " + duration(stat, stat.Critical) +
		", p50 " + duration(stat, stat.P50) + ", p95 " + duration(stat, stat.P95) + ", p99 " + duration(stat, stat.P99)
}

// choose begins to type the key of an attribute.
func (s *Statistics) choose() {
	s.chooser = prompt.NewChooser(append([]string{GroupService, GroupOperation, GroupTemplate}, s.keys...))
}

// Typing implements Screen.
func (s *Statistics) Typing() bool { return s.chooser.On }

// Type implements Screen: enter takes the attribute that is marked, or what was typed where nothing matches.
func (s *Statistics) Type(key tea.KeyPressMsg) views.Action {
	if by := s.chooser.Take(key); by != "" {
		return s.group(by)
	}
	return nil
}

// Mouse implements Screen: a click selects, on a column's name it sorts, a double click is enter.
func (s *Statistics) Mouse(m views.Mouse) views.Action {
	switch {
	case len(s.stats) > 0 && s.ClickHead(m, s.sortKeeping):
	case s.Click(m, len(s.stats)) && m.Double:
		return views.Do(s.Bindings(), views.Enter)
	}
	return nil
}

// Status implements Screen.
func (s *Statistics) Status(env *views.Env) (left, right string) {
	if why := s.whyEmpty(); why != "" {
		return why, ""
	}
	left = "group " + draw.Count(s.Row+1) + " of " + draw.Count(len(s.stats))
	if stat := s.stats[s.Row]; stat.Max > 0 {
		left += draw.SegmentGap + "the longest takes " + draw.Duration(stat.Max)
	}
	return left, "by " + label(env.Masked(s.by)) + draw.SegmentGap + draw.CountNoun(s.spans, "span", "spans")
}
