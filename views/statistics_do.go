package views

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/facts"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Can implements Screen.
func (s *Statistics) Can(c Command) string {
	if reason, known := s.canMove(c, len(s.stats), s.whyEmpty()); known {
		return reason
	}
	switch c {
	case Back:
		return ""
	case Left, Right, Group, Search:
		if s.of.Set == nil {
			return "no trace is open"
		}
		return ""
	case HideOthers:
		if s.of.Query == "" {
			return "nothing is searched for"
		}
		return ""
	case SortNext, SortFlip, CopyLine, CopyValue:
		if len(s.stats) == 0 {
			return s.whyEmpty()
		}
		return ""
	case Enter:
		if len(s.stats) == 0 {
			return s.whyEmpty()
		}
		_, reason := s.narrow()
		return reason
	}
	return NotHere
}

func (s *Statistics) whyEmpty() string {
	switch {
	case s.of.Set == nil:
		return "no trace is open"
	case !s.ready && s.total > 1:
		return "the spans of " + draw.Count(s.done) + " of " + countNoun(s.total, "trace", "traces") + " are counted"
	case !s.ready:
		return "the spans are still being counted"
	case s.of.Matching:
		return "no span matches"
	case s.of.Trace == nil:
		return "there are no spans"
	}
	return "the trace has no spans"
}

// Do implements Screen.
func (s *Statistics) Do(c Command) Action {
	if s.Can(c) != "" {
		return nil
	}
	if s.move(c, len(s.stats)) {
		return nil
	}
	switch c {
	case Enter:
		action, _ := s.narrow()
		return action
	case Left:
		return s.turn(-1)
	case Right, Group:
		return s.turn(1)
	case Search:
		s.choose()
	case HideOthers:
		s.of.Matching, s.ready, s.stats = !s.of.Matching, false, nil
		return s.ask()
	case SortNext, SortFlip:
		s.resort(c)
	case CopyLine:
		return Copy{"line", s.line(s.stats[s.row])}
	case CopyValue:
		return Copy{"name", s.name(s.stats[s.row])}
	case Back:
		return Leave{}
	}
	return nil
}

// turn goes to the next grouping, or the one before.
func (s *Statistics) turn(by int) Action {
	list := s.groupings()
	at := slices.Index(list, s.by)
	return s.group(list[(at+by+len(list))%len(list)])
}

func (s *Statistics) resort(c Command) {
	if c == SortFlip {
		s.flip = !s.flip
	} else {
		columns := s.places.columns
		at := slices.IndexFunc(columns, func(p placedStat) bool { return p.column == s.sort })
		s.sort, s.flip = statCritical, false
		if len(columns) > 0 {
			s.sort = columns[(at+1)%len(columns)].column
		}
	}
	s.sortKeeping()
}

// sortKeeping sorts; the cursor stays on its group.
func (s *Statistics) sortKeeping() {
	at := s.stats[s.row]
	s.order()
	s.row = slices.IndexFunc(s.stats, func(stat *facts.Stat) bool { return stat.Key == at.Key && stat.Missing == at.Missing })
	s.clamp(len(s.stats))
}

// narrow returns what shows the spans of the group under the cursor in the waterfall, or the traces that have some in
// the list, or why nothing does.
func (s *Statistics) narrow() (action Action, reason string) {
	stat := s.stats[s.row]
	span := stat.Trace.Span(stat.Longest)
	switch s.by {
	case GroupService:
		if stat.Missing {
			return nil, "these spans name no service"
		}
		if isSecret("", span.Service()) {
			return nil, MaskedValue
		}
		return Narrow{Field: "service", Value: stat.Key}, ""
	case GroupOperation:
		if isSecret("", span.Service()) || isSecret("", span.Name()) {
			return nil, MaskedValue
		}
		name := Narrow{Field: "name", Value: span.Name()}
		if span.Service() == "" {
			return name, ""
		}
		return Narrow{Field: "service", Value: span.Service(), And: &name}, ""
	case GroupTemplate, GroupEdge:
		// A query has no words for what the names of a template have in common, or the calls of an edge.
		return OpenTrace{Trace: stat.Trace, Span: stat.Longest}, ""
	}
	if stat.Missing {
		return nil, "these spans do not have " + draw.Clean(s.by)
	}
	v := span.Attrs().Get(s.by)
	if v.Type() == trace.TypeNone {
		v = span.Resource().Attrs().Get(s.by)
	}
	if v.String() != stat.Key {
		return nil, MaskedValue
	}
	return Narrow{Field: query.Attribute(s.by), Value: stat.Key}, ""
}

// MaskedValue is why a value can be neither narrowed to nor asked for.
const MaskedValue = "the value is masked and cannot be asked for"

// isSecret tells whether a value must not be written into a query.
func isSecret(key, value string) bool {
	_, ok := facts.Secret(key, value)
	return ok
}

// line is a row as text.
func (s *Statistics) line(stat *facts.Stat) string {
	return s.name(stat) + ": " + countNoun(stat.Count, "span", "spans") + ", " + countNoun(stat.Errors, "error", "errors") +
		", total " + draw.Duration(stat.Total) + ", self " + draw.Duration(stat.Self) + ", critical path " + draw.Duration(stat.Critical) +
		", p50 " + draw.Duration(stat.P50) + ", p95 " + draw.Duration(stat.P95) + ", p99 " + draw.Duration(stat.P99)
}

// statChooser is the line in which an attribute is chosen, and what matches.
type statChooser struct {
	input  Input
	typing bool
	found  []string
	row    int
}

// mostChoices is how many attributes are offered at once.
const mostChoices = 8

// choose begins to type the key of an attribute.
func (s *Statistics) choose() {
	s.chooser = statChooser{typing: true}
	s.offer()
}

// offer finds the attributes that match what was typed.
func (s *Statistics) offer() {
	list := append([]string{GroupService, GroupOperation, GroupTemplate}, s.keys...)
	items := make([]PaletteItem, len(list))
	for i, key := range list {
		items[i] = PaletteItem{Text: key}
	}
	hits, _ := prepare(items).find(s.chooser.input.Text(), func(PaletteKind) bool { return true })
	s.chooser.found, s.chooser.row = nil, 0
	for _, h := range hits[:min(len(hits), mostChoices)] {
		s.chooser.found = append(s.chooser.found, list[h.item])
	}
}

// Typing implements Screen.
func (s *Statistics) Typing() bool { return s.chooser.typing }

// Type implements Screen: enter takes the attribute that is marked, or what was typed where nothing matches.
func (s *Statistics) Type(key tea.KeyPressMsg) Action {
	c := &s.chooser
	switch key.Keystroke() {
	case "enter":
		by := c.input.Text()
		if c.row < len(c.found) {
			by = c.found[c.row]
		}
		c.typing = false
		if by == "" {
			return nil
		}
		return s.group(by)
	case "esc", "ctrl+c", "ctrl+g":
		c.typing = false
	case "up", "ctrl+p":
		c.row = max(c.row-1, 0)
	case "down", "ctrl+n":
		c.row = max(min(c.row+1, len(c.found)-1), 0)
	default:
		if _, changed := c.input.Key(key); changed {
			s.offer()
		}
	}
	return nil
}

// Mouse implements Screen: a click selects, on a column's name it sorts, a double click is enter.
func (s *Statistics) Mouse(m Mouse) Action {
	if m.Wheel != 0 {
		s.wheel(m.Wheel, len(s.stats))
		return nil
	}
	if m.Y == s.places.head && len(s.stats) > 0 {
		for _, p := range s.places.columns {
			if m.X >= p.x && m.X < p.x+p.w {
				if s.sort == p.column {
					s.flip = !s.flip
				} else {
					s.sort, s.flip = p.column, false
				}
				s.sortKeeping()
			}
		}
		return nil
	}
	row := s.top + m.Y - s.places.table
	if m.Y < s.places.table || row < 0 || row >= len(s.stats) {
		return nil
	}
	s.row = row
	s.clamp(len(s.stats))
	if m.Double {
		return s.Do(Enter)
	}
	return nil
}

// Status implements Screen.
func (s *Statistics) Status(*Env) (left, right string) {
	if len(s.stats) == 0 {
		return s.whyEmpty(), ""
	}
	left = "group " + draw.Count(s.row+1) + " of " + draw.Count(len(s.stats))
	if stat := s.stats[s.row]; stat.Max > 0 {
		left += segmentGap + "the longest takes " + draw.Duration(stat.Max)
	}
	return left, "by " + draw.Clean(s.by) + segmentGap + countNoun(s.spans, "span", "spans")
}
