package views

import (
	"iter"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Screen is what fills the body of the terminal, or a part of it.
type Screen interface {
	// Bindings returns what can be asked for on the screen, in any order. They are the same ones as long as it lives.
	Bindings() []Binding
	// Typing reports whether keys go to Type as text instead of being commands.
	Typing() bool
	// Type takes a key while Typing. A paste is one key whose Text is what was pasted.
	Type(tea.KeyPressMsg) Action
	// Mouse takes a click, a double click or a turn of the wheel at a cell relative to the last drawn area.
	Mouse(Mouse) Action
	// Draw draws the screen into the area, all of it. It remembers the size for moving by pages.
	Draw(draw.Area, *Env)
	// Status returns what the last line shows: the place on the screen and what is counted, in parts with draw.SegmentGap between them.
	// They get two fifths of the line at most: first the first part of where, then the counts, then the rest of where as long
	// as there is room.
	Status(*Env) (where, counts string)
}

// OfSet is a screen about all that was read: it is given the set when the first of it is there, and whenever there is more.
type OfSet interface {
	Screen
	SetSet(set *trace.Set)
}

// Headed is the first tab of what a person looks at: the list, a trace, a comparison. It draws the line at the top that all
// tabs of it share: the title, the facts, and at the right what needs care.
type Headed interface {
	Screen
	Head(draw.Area, *Env)
}

// Draggable is a screen in which something can be dragged: while the left button is held after a press that Mouse got, it is
// told where the mouse is, outside of its area too.
type Draggable interface {
	Screen
	Drag(Mouse)
}

// OfScopes is a tab that shows what scopes hold: one, or the baseline and then what is compared with it.
type OfScopes interface {
	Screen
	// Show shows the scopes and returns what must be asked for, nil where it is the same as before: it is called whenever
	// the tab comes to the front. WhyNot returns why scopes would show nothing, "" where there is; it is called
	// for each frame and must not look at all spans.
	Show(of []Scope) Action
	WhyNot(of []Scope) string
}

// Env is what every view is drawn with.
type Env struct {
	// Mask returns a value with its secrets masked, and whether it has any; nil where they are to be shown.
	Mask    func(key, value string) (string, bool)
	Secrets bool // what the screen is about is known to hold secrets: where there is a Mask, heads say that it masks
	Theme   *style.Theme
	Clock   Clock
	Focused bool                 // the screen has the keys; its cursor is drawn strong
	Key     func(Command) string // the key bound to a command, "" for none: for hints
}

// Masks reports whether secrets are masked in what the screen is about.
func (e *Env) Masks() bool { return e.Secrets && e.Mask != nil }

// MaskedState is what heads say where secrets are masked.
const MaskedState = "masked"

// DrawMasked says at the right of a head that secrets are masked, and returns what is left of it.
func (e *Env) DrawMasked(a draw.Area) draw.Area {
	n := draw.Width(MaskedState) + 2
	if !e.Masks() || a.W() < 4*n {
		return a
	}
	rest, end := a.Right(n)
	end.Text(1, 0, MaskedState, e.Theme.Dim)
	return rest
}

// Masked returns a text that quotes what the export says, with its secrets masked where they are to be.
func (e *Env) Masked(text string) string {
	if e == nil || e.Mask == nil {
		return text
	}
	shown, secret := e.Mask("", text)
	if !secret {
		return text
	}
	return shown
}

// Clock says how absolute times are shown.
type Clock struct {
	Mode ClockMode
	Zone *time.Location // for ClockLocal
	Zero int64          // for ClockRelative: ns since the epoch
}

// ClockMode is one of the three ways to show a time.
type ClockMode uint8

// The ways to show a time.
const (
	ClockUTC ClockMode = iota
	ClockLocal
	ClockRelative // to the start of the trace, or of the file in the list
)

// Action is what a view asks the program to do. The types of this package that have the method are all there are.
type Action interface{ action() }

// OpenTrace opens the waterfall of a trace; Span is the index to put the cursor on, or -1. Finding is the one to show
// there, nil for none.
type OpenTrace struct {
	Trace   *trace.Trace
	Span    int
	Finding *rule.Finding
}

// OpenUnread reads a trace that a backend listed without its spans, and opens its waterfall.
type OpenUnread struct{ ID trace.TraceID }

// OpenSpan shows the detail of a span of the open trace; the focus goes there when Focus is set.
type OpenSpan struct {
	Span  int
	Focus bool
}

// CompareTraces asks for a comparison; the answer comes by a setter.
type CompareTraces struct{ Good, Bad *trace.Trace }

// AskBaselines asks the backend for good traces to compare a bad one with.
type AskBaselines struct{ Bad *trace.Trace }

// StopAsking ends what is being asked for an overlay, which stays open.
type StopAsking struct{}

// GoTo asks for a trace and span that may not be loaded: a link.
type GoTo struct {
	Trace trace.TraceID
	Span  trace.SpanID
}

// Copy sends text to the terminal's clipboard; What names it in the message ("span id").
type Copy struct{ What, Text string }

// Say shows a message in the status line.
type Say struct{ Text string }

// SetWindow asks the backend about another window of time: from so long ago, such as "15m", to now, or from–to.
type SetWindow struct{ Text string }

// OpenBackend opens a backend of the configuration; what is open stays behind it.
type OpenBackend struct{ Name string }

// Run carries out a command, as if its key had been pressed; the palette returns it.
type Run struct{ Command Command }

// SetTheme draws everything in another theme, by its name.
type SetTheme struct{ Name string }

// Query asks for the traces or spans that match a query; the answer comes by a setter. It is returned at each
// key while the text is being typed, with Done when it was finished and not given up; "" asks for everything.
type Query struct {
	Text string
	Done bool
}

// Ask asks for a query that was not typed: it goes into the query's line.
type Ask struct{ Text string }

// Apart asks for what matches on different spans, where QueryNotes offered it.
type Apart struct{}

// Narrow asks for a query made of a field and its value, such as service and "payment"; And is a further condition,
// nil for none.
type Narrow struct {
	Field, Value string
	And          *Narrow
}

// OpenFindings opens the panel of findings of what is on the screen. Finding is the one to put the cursor on, nil for
// none.
type OpenFindings struct{ Finding *rule.Finding }

// OpenStatistics opens the panel of statistics of what is on the screen.
type OpenStatistics struct{}

// Measure asks for something to be counted from the facts of scopes, as a job.
type Measure struct {
	Of []Scope
	// Count gets the facts of each scope, a trace at a time, and returns what shows the answer, which the program calls
	// later. It runs beside the program: it may touch nothing that a screen holds, and ends early when the facts do.
	Count func(of []iter.Seq[facts.Portion]) (show func() Action)
	// Counted is told now and then how many traces were counted; nil where nobody wants to know.
	Counted func(traces int)
}

// AskLogs asks the log store for the lines of a trace, at most so many; the answer comes by a setter. With a limit of 0
// asking ends.
type AskLogs struct {
	Trace *trace.Trace
	Limit int
}

// Leave closes the screen or panel.
type Leave struct{}

// OpenStory opens an incident of the demo by its name.
type OpenStory struct{ Name string }

func (OpenStory) action() {}

func (OpenTrace) action()     {}
func (OpenUnread) action()    {}
func (OpenSpan) action()      {}
func (CompareTraces) action() {}
func (AskBaselines) action()  {}
func (StopAsking) action()    {}
func (GoTo) action()          {}
func (Copy) action()          {}
func (Say) action()           {}
func (SetWindow) action()     {}
func (OpenBackend) action()   {}
func (Run) action()           {}
func (SetTheme) action()      {}
func (Query) action()         {}
func (Ask) action()           {}
func (Apart) action()         {}
func (Narrow) action()        {}
func (Leave) action()         {}

func (OpenFindings) action()   {}
func (OpenStatistics) action() {}
func (Measure) action()        {}
func (AskLogs) action()        {}

// Mouse is a mouse event at a cell of the screen's area.
type Mouse struct {
	X, Y   int
	Wheel  int // rows to scroll, negative up; 0 for a click
	Double bool
	Shift  bool // with Wheel: sideways
}

// Scope is what a tab is about: a trace, or the traces of the list, and of them all spans or those that match a query.
type Scope struct {
	Set      *trace.Set   // nil where nothing is open
	Trace    *trace.Trace // one of the set, nil for many
	Traces   int          // how many
	Query    string       // of the list, which chose the traces, or of the waterfall; "" for none
	Matching bool         // only the spans that match the query, not all of the traces
	Name     string       // what a set of a comparison is called, such as "the rest"; "" for other scopes
}

// Narrowing says what of scopes a query leaves, such as "spans matching", and the query; "" where it leaves everything: in a trace
// it marks spans, and a tab counts all of them until it is asked for matches alone.
func Narrowing(of []Scope) (what, query string) {
	if len(of) == 0 {
		return "", ""
	}
	switch s := of[len(of)-1]; {
	case s.Query == "":
		return "", ""
	case s.Matching:
		return "spans matching", s.Query
	case s.Trace == nil:
		return "traces matching", s.Query
	}
	return "", ""
}

// WhyEmpty returns why there is nothing to count in scopes, "" where there is.
func WhyEmpty(of []Scope) string {
	for _, s := range of {
		switch {
		case s.Set == nil:
			return "no trace is open"
		case s.Trace != nil && s.Trace.SpanCount() == 0:
			return "the trace has no spans"
		case s.Trace == nil && s.Traces == 0:
			return "there are no traces"
		}
	}
	if len(of) == 0 {
		return "no trace is open"
	}
	return ""
}
