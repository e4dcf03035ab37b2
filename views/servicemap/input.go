package servicemap

import (
	"slices"

	"charm.land/bubbles/v2/key"

	"tracefall/diagnose/secrets"
	"tracefall/diagnose/servicemap"
	"tracefall/views"
	"tracefall/views/draw"
)

// What the map alone knows.
const (
	EdgeList    views.Command = "edge-list"    // the list of edges instead of the map, or the map again
	SlowestCall views.Command = "slowest-call" // of the selected node or edge
)

// own returns the bindings that no other screen has.
func (s *ServiceMap) own() []views.Binding {
	const group = "Screens"
	return []views.Binding{
		{
			Name: EdgeList, Group: group, Help: "Service map: show the edges as a list, or draw the map",
			Key: key.NewBinding(key.WithKeys("L"), key.WithHelp("L", "map or list")),
			Do:  views.Quiet(s.toggleList), Why: s.whyEmpty,
		},
		{
			Name: SlowestCall, Group: group, Help: "Service map: open slowest call of node or edge",
			Key: key.NewBinding(key.WithKeys("O"), key.WithHelp("O", "slowest call")),
			Do:  s.slowest, Why: s.whyNoSlowest,
		},
	}
}

// Bindings implements views.Screen.
func (s *ServiceMap) Bindings() []views.Binding {
	return views.Once(&s.bindings, func() []views.Binding {
		b := views.Binder{None: s.whyEmpty}
		b.Moves(s.move)
		b.QuietPair(views.Right, views.Left, s.across, s.onlyMap)
		b.QuietPair(views.PanRight, views.PanLeft, s.pan, s.onlyMap)
		b.QuietPair(views.NextError, views.PrevError, s.nextError, s.whyNoError)
		b.Quiet(views.RootCause, s.rootCause, s.whyNoCause)
		b.QuietPair(views.NextMatch, views.PrevMatch, s.nextEdge, s.whyNoEdge)
		b.Quiet(views.OtherPane, s.toggleEdge, s.whyNoEdge)
		b.Bind(views.Enter, s.enter, s.whyNotEnter)
		s.list.Bind(&b, s.list.sortKeeping)
		for i := range b.List {
			one := &b.List[i]
			switch one.Name {
			case views.Left, views.Right:
				*one = one.Explained("Go to callers / callees; from an edge to its ends")
			case views.PanLeft, views.PanRight:
				*one = one.Named("scroll").Explained("Scroll map left / right")
			case views.NextMatch:
				*one = one.Named("next edge").Explained("Next / previous edge of the selected node")
			case views.PrevMatch:
				*one = one.Named("prev edge").Explained("Next / previous edge of the selected node")
			case views.OtherPane:
				*one = one.Named("node or edge").Explained("Select an edge of the node, or the node again")
			case views.SortNext, views.SortFlip:
				*one = one.Unless(s.onlyList)
			}
		}
		b.Bind(views.CopyLine, views.Copies("line", s.line))
		b.Bind(views.CopyValue, views.Copies("name", s.selectedName))
		b.None = nil
		b.List = append(b.List, s.own()...)
		b.Bind(views.Back, s.back)
		b.Bind(views.HideOthers, s.toggleMatching, views.When(func() bool { return !s.queried() }, "nothing is searched for"))
		return views.Footer(b.List, views.ShowHelp, views.Enter, views.NextMatch, EdgeList, SlowestCall, views.NextError, views.RootCause, views.HideOthers, views.Share, views.Back)
	})
}

// queried reports whether the scopes have a query, so that only what matches can be counted.
func (s *ServiceMap) queried() bool {
	for _, scope := range s.of {
		if scope.Query != "" {
			return true
		}
	}
	return false
}

// toggleMatching counts only what matches, or all again.
func (s *ServiceMap) toggleMatching() views.Action {
	for i := range s.of {
		s.of[i].Matching = s.of[i].Query != "" && !s.of[i].Matching
	}
	s.ready, s.data, s.plan = false, nil, nil
	return s.ask()
}

// toggleList shows the list or the map. Where an edge is selected it stays selected.
func (s *ServiceMap) toggleList() {
	if s.listed() {
		s.form = asMap
		if at := s.list.edge(); s.edge >= 0 && s.plan != nil && s.shows(at) {
			s.chooseEdge(at)
		}
		return
	}
	s.form = asList
	if s.edge >= 0 {
		s.list.choose(s.edge)
	}
}

// back selects the node instead of its edge, then leaves.
func (s *ServiceMap) back() views.Action {
	if s.whyEmpty() == "" && !s.listed() && s.edge >= 0 {
		s.edge = -1
		return nil
	}
	return views.Leave{}
}

// whyNoEdge says why no edge of a node can be selected, "" where one can.
func (s *ServiceMap) whyNoEdge() string {
	if why := s.onlyMap(); why != "" {
		return why
	}
	if s.plan == nil || len(s.edgesHere()) == 0 {
		return "the node has no edges"
	}
	return ""
}

func (s *ServiceMap) onlyMap() string {
	if s.listed() {
		return "not in the list of edges"
	}
	return ""
}

func (s *ServiceMap) onlyList() string {
	if why := s.whyEmpty(); why != "" {
		return why
	}
	if !s.listed() {
		return "only in the list of edges"
	}
	return ""
}

// selected returns the selected node of the map, nil for none, or where the list or an edge is selected.
func (s *ServiceMap) selected() *servicemap.MapNode {
	if s.whyEmpty() != "" || s.listed() || s.cursor < 0 || s.edge >= 0 {
		return nil
	}
	return &s.data.Nodes[s.cursor]
}

// enter narrows the list to the selected service; in a trace, and for what is no service, it goes to the slowest call.
func (s *ServiceMap) enter() views.Action {
	if n := s.selected(); n != nil && !s.inTrace() {
		if name, ok := serviceOf(n); ok {
			return views.Narrow{Field: "service", Value: name}
		}
	}
	return s.slowest()
}

func (s *ServiceMap) whyNotEnter() string {
	if n := s.selected(); n != nil && !s.inTrace() {
		if _, ok := serviceOf(n); ok {
			return ""
		}
	}
	return s.whyNoSlowest()
}

// serviceOf returns what a query calls the service of a node. A name that is masked must not be written into one.
func serviceOf(n *servicemap.MapNode) (string, bool) {
	if n.Slowest == nil {
		return "", false
	}
	name := n.Slowest.Span(n.SlowestSpan).Service()
	return name, name != "" && secrets.Masked(name) == name
}

// slowest goes to the slowest call of the selected node or edge.
func (s *ServiceMap) slowest() views.Action {
	calls, ok := s.slowestCall()
	if !ok {
		return nil
	}
	return views.OpenTrace{Trace: calls.Trace, Span: calls.Span}
}

func (s *ServiceMap) whyNoSlowest() string {
	if _, ok := s.slowestCall(); !ok {
		return "nothing called it"
	}
	return ""
}

func (s *ServiceMap) slowestCall() (servicemap.Calls, bool) {
	if e := s.selectedEdge(); e != nil {
		if e.Trace == nil {
			return e.Baseline, e.Baseline.Trace != nil
		}
		return e.Calls, true
	}
	n := s.selected()
	if n == nil {
		return servicemap.Calls{}, false
	}
	if calls, ok := n.Longest(); ok {
		return calls, true
	}
	return n.Baseline.Longest()
}

// move carries out a command that moves the cursor up or down.
func (s *ServiceMap) move(c views.Command) {
	if s.plan == nil {
		return // not drawn yet
	}
	if s.listed() {
		s.list.Move(c, len(s.list.edges))
		return
	}
	if s.edge >= 0 {
		s.moveEdge(c)
		return
	}
	s.moveNode(c)
}

// line is the selected node or edge as text.
func (s *ServiceMap) line() string {
	calls, rate := &servicemap.Calls{}, s.data.Rates[1]
	if e := s.selectedEdge(); e != nil {
		calls = &e.Calls
	} else if n := s.selected(); n != nil {
		calls = &n.Calls
	}
	if calls.Least() > calls.Count {
		return s.selectedName() + ": " + callsText(calls) + " calls, " + draw.CountNoun(calls.Failures(), "error", "errors")
	}
	text := s.selectedName() + ": " + draw.CountNoun(calls.Count, "call", "calls")
	if rate.Unit != servicemap.Each {
		text += ", " + rateText(rate, calls.Count)
	}
	return text + ", " + draw.CountNoun(calls.Errors, "error", "errors") + ", p50 " + timeText(calls, calls.P50) + ", p95 " + timeText(calls, calls.P95) + ", p99 " + timeText(calls, calls.P99)
}

// selectedName names the selected node or edge.
func (s *ServiceMap) selectedName() string {
	if e := s.selectedEdge(); e != nil {
		return edgeName(s.data, e)
	}
	if n := s.selected(); n != nil {
		return nameOf(n)
	}
	return ""
}

// Status implements views.Screen.
func (s *ServiceMap) Status(*views.Env) (left, right string) {
	if why := s.whyEmpty(); why != "" {
		return why, ""
	}
	if s.edge >= 0 && !s.listed() {
		edges := s.edgesHere()
		left = "edge " + draw.Count(slices.Index(edges, s.edge)+1) + " of " + draw.Count(len(edges)) + " of " + nameOf(&s.data.Nodes[s.cursor])
	} else if s.listed() {
		left = "edge " + draw.Count(min(s.list.Row+1, len(s.list.edges))) + " of " + draw.Count(len(s.list.edges))
	} else {
		left = draw.CountNoun(len(s.data.Nodes), "node", "nodes")
	}
	for _, scope := range s.of {
		if scope.Matching {
			return left + draw.SegmentGap + "matches only", ""
		}
	}
	return left, ""
}

func (s *ServiceMap) whyNoError() string {
	if why := s.onlyMap(); why != "" {
		return why
	}
	if len(s.failing()) == 0 {
		return "no call failed"
	}
	return ""
}

func (s *ServiceMap) whyNoCause() string {
	if why := s.whyNoError(); why != "" {
		return why
	}
	if s.data.Nodes[s.plan.nodes[s.failing()[0]]].Causes == 0 {
		return "no failure began here"
	}
	return ""
}

// wheelColumns is how many columns a turn of the wheel moves the map sideways.
const wheelColumns = 4

// Mouse implements views.Screen: a click selects, a double click is enter, the wheel moves the map.
func (s *ServiceMap) Mouse(m views.Mouse) views.Action {
	if s.whyEmpty() != "" || s.plan == nil {
		return nil
	}
	if s.listed() {
		if len(s.list.edges) > 0 && !s.list.ClickHead(m, s.list.sortKeeping) && s.list.Click(m, len(s.list.edges)) && m.Double {
			return views.Do(s.Bindings(), views.Enter)
		}
		return nil
	}
	if m.Wheel != 0 {
		if m.Shift {
			s.scroll(m.Wheel*wheelColumns, 0)
		} else {
			s.scroll(0, m.Wheel)
		}
		return nil
	}
	if m.Y < headLines || m.Y >= headLines+s.h { // the map goes on below what is told of it
		return nil
	}
	if i := s.nodeAt(m.X, m.Y); i >= 0 {
		s.cursor, s.edge = s.plan.nodes[i], -1
	} else if at := s.edgeAt(m.X, m.Y); at >= 0 {
		s.chooseEdge(at)
	} else {
		return nil
	}
	if m.Double {
		return views.Do(s.Bindings(), views.Enter)
	}
	return nil
}
