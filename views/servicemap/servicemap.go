package servicemap

import (
	"iter"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/servicemap"
	"tracefall/views"
	"tracefall/views/draw"
)

// ServiceMap is the tab of who calls whom, in a trace, in the traces of the list, or in either beside its baseline.
type ServiceMap struct {
	of    []views.Scope // what is asked for: one, or the baseline and what is compared with it
	ready bool          // data is that of it
	done  int           // traces that were counted

	diagram
	list list
	form form

	bindings []views.Binding
}

// diagram is the map as it is drawn, what of it is on screen, and what is selected.
type diagram struct {
	data   *servicemap.Map
	cursor int // the selected node, -1 where there is none
	edge   int // the selected edge, one of the selected node, -1 where the node itself is selected
	x, y   int // the cell of the map in the upper left corner
	w, h   int // cells of the screen that the map has

	plan   *plan // nil where it has to be made
	planOf planKey

	left, top int // the cell of the screen where the whole map was drawn from last, which may lie outside
}

// form is what is drawn.
type form uint8

const (
	fitting form = iota // the map, or the list of calls where the map is much larger than the screen
	asMap
	asList
)

// New returns a map of nothing.
func New() *ServiceMap { return &ServiceMap{diagram: diagram{cursor: -1, edge: -1}, list: newList()} }

// Scopes returns what the map is about.
func (s *ServiceMap) Scopes() []views.Scope { return s.of }

// Show implements views.OfScopes. Whether only matches count stays as it was for the same queries.
func (s *ServiceMap) Show(of []views.Scope) views.Action {
	of = slices.Clone(of)
	for i := range of {
		of[i].Matching = i < len(s.of) && of[i].Query != "" && of[i].Query == s.of[i].Query && s.of[i].Matching
	}
	if !slices.Equal(of, s.of) {
		*s = ServiceMap{of: of, form: s.form, diagram: diagram{cursor: -1, edge: -1}, list: newList(), bindings: s.bindings}
	}
	if s.WhyNot(of) != "" || s.ready {
		return nil
	}
	return s.ask()
}

// WhyNot implements views.OfScopes.
func (s *ServiceMap) WhyNot(of []views.Scope) string { return views.WhyEmpty(of) }

// ask asks for the calls to be counted.
func (s *ServiceMap) ask() views.Action {
	of := slices.Clone(s.of)
	s.done = 0
	return views.Measure{
		Of: of,
		Count: func(parts []iter.Seq[facts.Portion]) func() views.Action {
			data := count(parts)
			return func() views.Action {
				if slices.Equal(of, s.of) {
					s.set(data)
				}
				return nil
			}
		},
		Counted: func(traces int) {
			if slices.Equal(of, s.of) {
				s.done = traces
			}
		},
	}
}

// count counts the calls of one scope, or of two.
func count(parts []iter.Seq[facts.Portion]) *servicemap.Map {
	bad := servicemap.Count(parts[len(parts)-1])
	if len(parts) == 1 {
		return servicemap.New(bad)
	}
	return servicemap.Compare(servicemap.Count(parts[0]), bad)
}

// set shows what was counted. The cursor goes to where most failures began, else to the busiest node.
func (s *ServiceMap) set(data *servicemap.Map) {
	s.ready, s.diagram = true, diagram{data: data, cursor: -1, edge: -1}
	if order := byWeight(data); len(order) > 0 {
		s.cursor = order[0]
	}
	s.list.set(data)
}

// Typing implements views.Screen: nothing is typed on the map.
func (s *ServiceMap) Typing() bool { return false }

// Type implements views.Screen.
func (s *ServiceMap) Type(tea.KeyPressMsg) views.Action { return nil }

var _ views.OfScopes = (*ServiceMap)(nil)

// whyEmpty says why there is nothing to see, "" where there is.
func (s *ServiceMap) whyEmpty() string {
	if why := s.WhyNot(s.of); why != "" {
		return why
	}
	total := 0
	for _, scope := range s.of {
		total += scope.Traces
	}
	switch {
	case !s.ready && s.done > 0 && total > 1:
		return draw.Count(s.done) + " of " + draw.CountNoun(total, "trace", "traces") + " counted"
	case !s.ready:
		return "counting calls"
	case len(s.data.Nodes) > 0:
		return ""
	case s.of[0].Matching:
		return "no span matches"
	}
	return "there are no spans"
}

// inTrace reports whether the map is about single traces, and not about those of the list.
func (s *ServiceMap) inTrace() bool {
	return len(s.of) != 1 || s.of[0].Trace != nil
}
