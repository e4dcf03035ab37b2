package incidents

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/rule"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// Incident is one of the demo.
type Incident struct {
	Name, Title string
	Story       []string      // sentences
	Finding     *rule.Finding // what the detectors found in it, nil for nothing, and until they are done
}

// Incidents lists incidents and what was found in each; below the list stands the story of the one under the cursor.
type Incidents struct {
	list     []Incident
	bindings []views.Binding
	placed   []table.Placed[column]
	table.Scroller
}

// New returns the screen of incidents.
func New(list []Incident) *Incidents { return &Incidents{list: list} }

// SetFindings says what the detectors found in each of the incidents.
func (s *Incidents) SetFindings(of func(name string) *rule.Finding) {
	for n := range s.list {
		s.list[n].Finding = of(s.list[n].Name)
	}
}

// Bindings implements views.Screen.
func (s *Incidents) Bindings() []views.Binding {
	return views.Once(&s.bindings, func() []views.Binding {
		b := views.Binder{None: views.When(func() bool { return len(s.list) == 0 }, "the demo has no incidents")}
		b.Moves(func(c views.Command) { s.Move(c, len(s.list)) })
		b.Bind(views.Enter, s.open)
		b.Bind(views.CopyLine, views.Copies("line", func() string { return s.list[s.Row].Name + ": " + s.list[s.Row].Title }))
		b.None = nil
		b.Bind(views.Back, views.Leaves)
		list := views.Footer(b.List, views.Enter, views.Down, views.Up, views.Back, views.ShowPalette, views.ShowHelp)
		return named(list, map[views.Command]string{views.Enter: "open incident", views.Back: "all traces"})
	})
}

// named gives bindings other titles.
func named(list []views.Binding, titles map[views.Command]string) []views.Binding {
	for n, b := range list {
		if title, ok := titles[b.Name]; ok {
			list[n] = b.Named(title)
		}
	}
	return list
}

// open opens the incident under the cursor.
func (s *Incidents) open() views.Action { return views.OpenStory{Name: s.list[s.Row].Name} }

// Typing implements views.Screen: nothing is typed here.
func (s *Incidents) Typing() bool { return false }

// Type implements views.Screen.
func (s *Incidents) Type(tea.KeyPressMsg) views.Action { return nil }

// Mouse implements views.Screen: a click selects, a double click opens.
func (s *Incidents) Mouse(m views.Mouse) views.Action {
	if s.Click(m, len(s.list)) && m.Double {
		return s.open()
	}
	return nil
}

// Status implements views.Screen.
func (s *Incidents) Status(*views.Env) (where, counts string) {
	if len(s.list) == 0 {
		return "", ""
	}
	return "incident " + draw.Count(s.Row+1) + " of " + draw.Count(len(s.list)), ""
}

// Draw implements views.Screen: titles and what the detectors found in each, and below them the story of the incident under the
// cursor.
func (s *Incidents) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	if len(s.list) == 0 {
		s.Fit(a.H(), 0)
		return
	}
	costs := s.costs()
	s.layout(a.W()-left-1, costs)
	first := 0
	if a.H() > leastRows {
		var head draw.Area
		head, a = a.Top(1)
		first = 1
		for _, p := range s.placed {
			if spec := specs[p.Column]; spec.Right {
				head.TextRight(p.X, 0, p.W, spec.Title, env.Theme.Header)
			} else {
				head.TextEllipsis(p.X, 0, p.W, spec.Title, env.Theme.Header)
			}
		}
	}
	s.Clamp(len(s.list))
	story := s.lines(a.W() - left - 1)
	if a.H() >= leastRows+1+len(story) {
		rows, below := a.Bottom(len(story) + 1)
		a = rows
		below.HLine(0, 0, below.W(), env.Theme.Border)
		for n, line := range story {
			ink := env.Theme.Text
			if n == len(story)-1 { // the command
				ink = env.Theme.Dim
			}
			below.TextEllipsis(left, n+1, below.W()-left-1, line, ink)
		}
	}
	s.Fit(a.H(), len(s.list))
	s.DrawRows(a, first, len(s.list), 0, env.Focused, env, func(line draw.Area, n int) {
		for _, p := range s.placed {
			s.list[n].draw(line.Sub(p.X, 0, p.W, 1), p.Column, costs, env.Theme)
		}
	})
}

// leastRows is how many incidents are shown before there is room for a story.
const leastRows = 6

// lines breaks the story under the cursor into as many lines as the longest story takes, so that the rows stay where they are,
// and ends with the command that opens the incident alone.
func (s *Incidents) lines(width int) []string {
	var shown []string
	most := 0
	for n, one := range s.list {
		var lines []string
		for _, sentence := range one.Story {
			lines = append(lines, draw.WrapWords(sentence, max(width, 1))...)
		}
		if most = max(most, len(lines)); n == s.Row {
			shown = lines
		}
	}
	for len(shown) < most {
		shown = append(shown, "")
	}
	return append(shown, "tracefall demo "+s.list[s.Row].Name)
}
