package tracelist

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// header is what the first line says: what is opened, how far loading and diagnosing are.
type header struct {
	newer      *trace.Set // loaded, but the answer to the query is still that of the set shown
	inputs     []string
	load       LoadProgress
	source     *Source                  // the backend that is asked, nil for files
	remote     bool                     // a backend is asked, for a window or for one trace
	listed     int                      // traces that it listed and nobody read
	before     func(trace.TraceID) bool // whether a trace was there before it was asked again, nil where it was not
	fresh      int                      // of the traces shown, those that were not there
	wants      Want                     // what was wanted at the end of the list
	failed     []string                 // inputs that could not be read, in a line each
	diagnosing views.Diagnosing
	watching   string // how old what is shown is, while the backend is watched; "" while not
}

// SetWatching says how old what is shown is, while the backend is watched; "" while not.
func (h *header) SetWatching(age string) { h.watching = age }

// SetInputs names what is opened, for the time before the first traces.
func (h *header) SetInputs(names []string) { h.inputs = names }

// SetProgress says how far loading is.
func (h *header) SetProgress(p LoadProgress) { h.load = p }

// SetSource says which backend the traces are asked from, nil for files.
func (h *header) SetSource(s *Source) { h.source = s }

// SetRemote says whether a backend is asked.
func (h *header) SetRemote(remote bool) { h.remote = remote }

// Head draws the line at the top: what is loaded and, at the right, what needs care, what was found, or how far loading
// is. It implements views.Headed.
func (l *List) Head(a draw.Area, env *views.Env) {
	a = a.Row(0)
	a.Fill(draw.Ink{})
	l.header.draw(a.Inset(1, 0), l.newest(), &l.findings, l.fresh, env)
}

// headGap are the cells between the left and the right part of the line.
const headGap = 2

// draw draws the line.
func (h *header) draw(a draw.Area, set *trace.Set, findings *Findings, fresh int, env *views.Env) {
	names := h.names(set)
	// What is least missed goes first: at the right from the last on, while the title has no room; then facts.
	parts := slices.Concat(h.care(set, env.Theme), h.state(findings, a.W()/2, env))
	right := joined(parts)
	if len(h.failed) > 0 && h.source != nil && set != nil { // what is shown was asked before that: window and count stay beside it
		facts := h.source.facts(set, h.listed, "")
		window := draw.Width(h.source.Brief + draw.SegmentGap + facts[0])
		least := window + draw.Width(draw.SegmentGap+facts[1])
		for len(parts) > 1 && least+headGap+table.WidthOf(right) > a.W() || len(parts) == 1 && window+headGap+table.WidthOf(right) > a.W() {
			parts = parts[:len(parts)-1]
			right = joined(parts)
		}
	}
	least := min(draw.Width(names), leastName)
	for len(parts) > 1 && table.WidthOf(right)+headGap+least > a.W() {
		parts = parts[:len(parts)-1]
		right = joined(parts)
	}
	if n := table.WidthOf(right); n > 0 && n+headGap+least <= a.W() {
		var corner draw.Area
		a, corner = a.Right(n)
		table.DrawRuns(corner, right)
		if h.load.Loading && h.load.Total > 0 { // into the blanks that state left for it
			corner.Progress(n-loadWidth(h.load), 0, loadBar, min(h.load.Bytes, h.load.Total), h.load.Total, env.Theme.ProgressFull, env.Theme.ProgressEmpty)
		}
		a, _ = a.Right(headGap)
	}
	facts := h.facts(set, fresh, env)
	if n := len(facts); n > 0 && h.source == nil && least+draw.Width(strings.Join(facts, draw.SegmentGap)) > a.W()-2*headGap {
		facts[n-1] = briefRange(set, env)
	}
	width := func() int { return draw.Width(strings.Join(append([]string{""}, facts...), draw.SegmentGap)) }
	if h.source != nil && draw.Width(names)+width() > a.W() { // a host is not cut while its backend's name will do
		names = h.source.Brief
	}
	for len(facts) > 0 && min(draw.Width(names), leastName)+width() > a.W() {
		facts = facts[:len(facts)-1]
	}
	room := max(a.W()-width(), 8)
	x := a.TextMiddle(0, 0, room, draw.Shorten(names, room), env.Theme.Title)
	for _, fact := range facts {
		x += a.TextEllipsis(x, 0, a.W()-x, draw.SegmentGap+fact, env.Theme.Text)
	}
}

// leastName is how many cells the names of the inputs have at least.
const leastName = 24

// facts returns what is said about the traces, the most important first.
func (h *header) facts(set *trace.Set, fresh int, env *views.Env) []string {
	if h.source != nil {
		news := ""
		switch {
		case fresh > 0:
			news = draw.Count(fresh) + " new"
		case h.before != nil && !h.load.Loading:
			news = "none new"
		}
		return h.source.facts(set, h.listed, news)
	}
	if set == nil || set.Len() == 0 {
		return nil
	}
	traces := draw.Amount(set.Len(), "trace")
	if h.load.Loading {
		traces += " so far"
	}
	from, to := set.Bounds()
	return []string{traces, draw.Amount(set.SpanCount(), "span"), env.Clock.Range(from, to)}
}

// facts returns what is said about the window, how much of it came, and how much of that is news.
func (s *Source) facts(set *trace.Set, unread int, news string) []string {
	if set == nil {
		return []string{s.Window}
	}
	traces := draw.Amount(set.Len()+unread, "trace")
	if s.More && set.Len()+unread > 0 {
		traces = draw.Count(set.Len()+unread) + "+ traces"
	}
	facts := []string{s.Window, traces}
	if news != "" {
		facts = append(facts, news)
	}
	if s.More {
		facts = append(facts, "to "+s.Down)
	}
	return facts
}

// briefRange is Clock.Range in fewer cells.
func briefRange(set *trace.Set, env *views.Env) string {
	from, to := set.Bounds()
	dates := env.Clock.Dates(from, to)
	text := env.Clock.Brief(from, dates) + "–" + env.Clock.Brief(to, dates)
	if zone := env.Clock.ZoneName(from); zone != "" {
		text += " " + zone
	}
	return text
}

// part is one thing that the right end of the line says.
type part []table.Run

// joined puts parts one behind the other.
func joined(parts []part) []table.Run {
	var runs []table.Run
	for _, p := range parts {
		if len(runs) > 0 {
			runs = append(runs, table.Run{Text: "  "})
		}
		runs = append(runs, p...)
	}
	return runs
}

// care says what makes the traces less than what they were recorded from: what could not be read, what is missing, what
// was skipped.
func (h *header) care(set *trace.Set, theme *style.Theme) []part {
	var parts []part
	warn := func(text string) {
		parts = append(parts, part{{Text: theme.Glyphs.Warning + " " + text, Ink: theme.Warn}})
	}
	if n := len(h.failed); n > 0 {
		parts = append(parts, part{{Text: theme.Glyphs.Error + " " + draw.Amount(n, "input") + " not read", Ink: theme.Error}})
	}
	if set == nil {
		return parts
	}
	partial, answer, skipped, damaged := h.source != nil && h.source.Partial, false, 0, 0
	for _, n := range set.Notices() {
		partial, answer = partial || n.Kind == trace.NoticePartial, answer || n.Kind == trace.NoticeAnswer
		switch {
		case strings.HasPrefix(string(n.Kind), "skipped-"): // records, files
			skipped += n.Count
		case strings.HasPrefix(string(n.Kind), "partial-"): // answer
			partial = true
		case n.Kind.Damage():
			damaged += n.Count
		}
	}
	if partial {
		warn(views.Partial)
	}
	switch n := set.TruncatedInputs(); {
	case partial && h.remote: // which says it already
	case n > 0 && len(set.Inputs()) > 1:
		warn(draw.Amount(n, "file") + " truncated")
	case n > 0:
		warn("file truncated")
	}
	if damaged > 0 {
		warn(draw.Count(damaged) + " damaged")
	}
	if skipped > 0 {
		warn(draw.Count(skipped) + " skipped")
	}
	if answer && !partial {
		warn("message of the backend")
	}
	return parts
}

const loadBar = 12 // cells

// loadText says how much was read of how much.
func loadText(p LoadProgress) string {
	return fmt.Sprintf("%6s of %s", draw.Percent(min(p.Bytes, p.Total), p.Total), draw.Bytes(p.Total))
}

// loadWidth are the cells that the progress of loading takes, with its bar.
func loadWidth(p LoadProgress) int { return loadBar + 1 + draw.Width(loadText(p)) }

// state says how far loading and the detectors are, or what was found, and whether secrets are masked. Of how far asking is
// it says what fits in width cells.
func (h *header) state(findings *Findings, width int, env *views.Env) []part {
	theme := env.Theme
	var parts []part
	say := func(text string, ink draw.Ink) { parts = append(parts, part{{Text: text, Ink: ink}}) }
	counts := findings.Counts
	if h.watching != "" {
		say(theme.Glyphs.Mark+" "+h.watching, theme.OK)
	}
	switch {
	case h.load.Loading && h.load.Total > 0:
		say(strings.Repeat(" ", loadBar+1)+loadText(h.load), theme.Text)
		return parts
	case h.load.Loading && h.load.Text != "":
		text := h.load.Text
		for draw.Width(text) > width && strings.Contains(text, draw.SegmentGap) { // what is least missed stands last
			text = text[:strings.LastIndex(text, draw.SegmentGap)]
		}
		say(text, theme.Text)
		return parts
	case h.load.Loading && h.source != nil:
		say("asking", theme.Text)
		return parts
	case h.load.Loading:
		say("reading, "+draw.Bytes(h.load.Bytes), theme.Text)
		return parts
	case h.diagnosing.Total > 0:
		say(h.diagnosing.Text(), theme.Dim)
	case findings.Worst == nil, findings.Set != nil && findings.Set.Len() == 0: // not known yet, or about no trace
	case counts.Total() == 0 && h.listed > 0: // of the others nobody knows
	case counts.Total() == 0:
		say(theme.Glyphs.OK+" "+diagnose.NoIssues, theme.OK)
	case counts.Severe() > 0:
		say(theme.Glyphs.Critical+" "+counts.Severities(rule.Critical, rule.High), theme.Error)
	default:
		say(theme.Glyphs.Warning+" "+counts.Severities(rule.Medium, rule.Low), theme.Warn)
	}
	if env.Masks() {
		say(views.MaskedState, theme.Dim)
	}
	return parts
}

// names names the inputs in a few words.
func (h *header) names(set *trace.Set) string {
	names := h.inputs
	switch {
	case h.source != nil:
		return h.source.Name
	case len(names) > 0:
	case set != nil && len(set.Inputs()) > 0:
		names = set.Inputs()
	case h.load.Input != "":
		names = []string{h.load.Input}
	}
	switch len(names) {
	case 0:
		return "no input"
	case 1:
		return path.Base(names[0])
	case 2:
		return path.Base(names[0]) + ", " + path.Base(names[1])
	}
	return fmt.Sprintf("%s and %d more", path.Base(names[0]), len(names)-1)
}
