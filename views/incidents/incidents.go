package incidents

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// Incident is one of the demo.
type Incident struct {
	Name, Title string
	Story       []string // sentences
}

// Incidents lists incidents; below the list stands the story of the one under the cursor.
type Incidents struct {
	list     []Incident
	bindings []views.Binding
	table.Scroller
}

// New returns the screen of incidents.
func New(list []Incident) *Incidents { return &Incidents{list: list} }

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

// Sizes, in cells and lines.
const (
	left      = 3  // the mark of the selected row between blanks
	nameWidth = 22 // of the column of names
	sideWidth = 160
	// leastRows is how many incidents are shown before there is room for a story.
	leastRows = 6
)

// Draw implements views.Screen: titles and names, on wide terminals with the first sentence of each story, and below them the
// story of the incident under the cursor.
func (s *Incidents) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	if len(s.list) == 0 {
		s.Fit(a.H(), 0)
		return
	}
	first := 0
	if a.H() > leastRows {
		var head draw.Area
		head, a = a.Top(1)
		first = 1
		s.columns(head, [3]string{"INCIDENT", "NAME", "WHAT HAPPENED"}, [3]draw.Ink{env.Theme.Header, env.Theme.Header, env.Theme.Header})
	}
	s.Clamp(len(s.list))
	story := s.lines(a.W() - left - 1)
	if a.H() >= leastRows+1+len(story) {
		rows, below := a.Bottom(len(story) + 1)
		a = rows
		below.HLine(0, 0, below.W(), env.Theme.Border)
		for n, line := range story {
			below.TextEllipsis(left, n+1, below.W()-left-1, line, env.Theme.Text)
		}
	}
	s.Fit(a.H(), len(s.list))
	s.DrawRows(a, first, len(s.list), 1, env.Focused, env, func(line draw.Area, n int) {
		one := s.list[n]
		what := ""
		if len(one.Story) > 0 {
			what = one.Story[0]
		}
		s.columns(line, [3]string{one.Title, one.Name, what}, [3]draw.Ink{env.Theme.Strong, env.Theme.Dim, env.Theme.Text})
	})
}

// lines breaks the story under the cursor into as many lines as the longest story takes, so that the rows stay where they are.
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
	return shown
}

// columns draws title and name, and on wide terminals what happened.
func (s *Incidents) columns(a draw.Area, texts [3]string, inks [3]draw.Ink) {
	title := 0
	for _, one := range s.list {
		title = max(title, draw.Width(one.Title))
	}
	title = min(title+2, max(a.W()-left-1-nameWidth, 0))
	a.TextEllipsis(left, 0, title-1, texts[0], inks[0])
	x := left + title
	a.TextEllipsis(x, 0, nameWidth-2, texts[1], inks[1])
	if a.W() >= sideWidth {
		x += nameWidth
		a.TextEllipsis(x, 0, a.W()-x-2, texts[2], inks[2])
	}
}
