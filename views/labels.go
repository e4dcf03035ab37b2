package views

import (
	"cmp"
	"fmt"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// ExceptionEvent is the name of the event that carries an exception.
const ExceptionEvent = "exception"

// RootLabel names a trace by the operation of its root.
func RootLabel(t *trace.Trace) string {
	return cmp.Or(secrets.SpanName(t.Root()), NoName)
}

// CallLabel names span i by what it called.
func CallLabel(f *facts.Facts, i int) string { return cmp.Or(f.Label(i), NoName) }

// SpanText names a span by service and operation.
func SpanText(s trace.Span) string {
	return strings.TrimSpace(secrets.ServiceName(s) + " " + secrets.SpanName(s))
}

// RootText names a trace by its root: service and operation.
func RootText(t *trace.Trace) string { return SpanText(t.Root()) }

// QualityWords says what is wrong with a trace, the gravest first; nil for a trace without any.
func QualityWords(q trace.Quality) []string {
	var words []string
	if q.Truncated {
		words = append(words, "file truncated (trace may be incomplete)")
	}
	if q.Partial {
		words = append(words, "backend: partial trace")
	}
	one := func(n int, single, several string) {
		switch {
		case n == 1:
			words = append(words, single)
		case n > 1:
			words = append(words, fmt.Sprintf(several, draw.Count(n)))
		}
	}
	one(q.Orphans, "1 orphan span (parent not in file)", "%s orphan spans (parents not in file)")
	if q.Roots > 1 {
		words = append(words, draw.Count(q.Roots)+" root spans")
	} else if q.Roots == 0 && q.Orphans > 0 {
		words = append(words, "root span missing")
	}
	one(q.Cycles, "1 cyclic parent reference, removed", "%s cyclic parent references, removed")
	one(q.LinkParents, "1 link exported as a parent", "%s links exported as parents")
	one(q.Warned, "1 span with backend warnings", "%s spans with backend warnings")
	one(q.Unfinished, "1 unfinished span", "%s unfinished spans")
	one(q.Untimed, "1 span without timestamps", "%s spans without timestamps")
	one(q.RepairedTimes, "1 invalid timestamp", "%s invalid timestamps")
	one(q.Collisions, "1 span id used by several spans", "%s span ids used by several spans")
	one(q.SharedIDs, "1 span id shared by client and server", "%s span ids shared by client and server")
	one(q.Duplicates, "1 duplicate span removed", "%s duplicate spans removed")
	one(q.ExtraParents, "1 span with several parents", "%s spans with several parents")
	one(q.DroppedAttrs, "1 attribute dropped by the SDK", "%s attributes dropped by the SDK")
	one(q.DroppedEvents, "1 event dropped by the SDK", "%s events dropped by the SDK")
	one(q.DroppedLinks, "1 link dropped by the SDK", "%s links dropped by the SDK")
	one(q.FullAttrs, "1 span at the SDK limit of 128 attributes", "%s spans at the SDK limit of 128 attributes")
	one(q.CutStatements, "1 truncated database statement", "%s truncated database statements")
	return words
}

// HotShare is from which part of a trace on, in percent, time was spent where it was.
const HotShare = 15

// PathInk is the ink of a service that the critical path runs through for some of its whole time, in ns.
func PathInk(service string, time, whole int64, theme *style.Theme) draw.Ink {
	ink := theme.Service(service)
	if time*100 >= HotShare*whole {
		ink = ink.With(draw.Bold)
	}
	return ink
}

// DrawRoot draws service and operation of the span that stands for a trace; dots before them say that the span's
// own parent is missing.
func DrawRoot(a draw.Area, t *trace.Trace, theme *style.Theme) {
	root := t.Root()
	if text := FarOutside(t); text != "" {
		text = theme.Glyphs.Warning + " " + text
		if draw.Width(text)+2*LeastTitle > a.W() {
			text = theme.Glyphs.Warning
		}
		a.TextRight(0, 0, a.W(), text, theme.Warn)
		a = a.Sub(0, 0, a.W()-draw.Width(text)-1, 1)
	}
	service := secrets.ServiceName(root)
	DrawCall(DrawOrphan(a, root, theme), service, secrets.SpanName(root), [2]draw.Ink{theme.Service(service), theme.Text}, theme)
}

// DrawOrphan draws dots where a span's own parent is missing, and returns what is left of the area.
func DrawOrphan(a draw.Area, s trace.Span, theme *style.Theme) draw.Area {
	if s.Has(trace.FlagOrphan) {
		_, a = a.Left(a.Text(0, 0, theme.Glyphs.Ellipsis+" ", theme.Dim))
	}
	return a
}

// leastService is how many cells the service of a call keeps, of half the room at most.
const leastService = 14

// DrawCall draws a service and what it did. The operation tells more than the service: that is cut first, to a few letters at
// each end. The inks are those of both.
func DrawCall(a draw.Area, service, name string, inks [2]draw.Ink, theme *style.Theme) {
	x := 0
	if service != "" {
		if draw.Width(service)+1+draw.Width(name) > a.W() {
			name = draw.CutPackage(name)
		}
		room := max(a.W()-draw.Width(name)-1, min(a.W()/2, leastService))
		x = a.TextMiddle(0, 0, room, service, inks[0]) + 1
	}
	if name == "" {
		a.TextEllipsis(x, 0, a.W()-x, NoName, theme.Dim)
		return
	}
	a.TextEllipsis(x, 0, a.W()-x, draw.Shorten(name, a.W()-x), inks[1])
}

// FarOutside says how far spans lie outside a trace's window, where that is farther than the window is long: what
// asynchronous work does at the end of most traces goes without saying.
func FarOutside(t *trace.Trace) string {
	early, late, far := Outside(t)
	switch {
	case !far:
		return ""
	case early >= late:
		return draw.Duration(early) + " earlier"
	}
	return draw.Duration(late) + " later"
}

// Outside returns by how much spans of a trace start before its window and end after it, in ns, and whether that is
// farther than the window is long.
func Outside(t *trace.Trace) (early, late int64, far bool) {
	from, to := t.Extent()
	early, late = t.Start()-from, to-t.Finish()
	return early, late, max(early, late) > t.Duration()
}

// LeastTitle is how many cells of a title are shown before what it cost.
const LeastTitle = 12

// Partial says that the backend returned only a part of a trace, as Tempo names it.
const Partial = "PARTIAL"

// Unknown stands for a time or a duration that the input does not have.
const Unknown = "unknown"

// TraceDuration writes how long a trace took, or that it is not known.
func TraceDuration(t *trace.Trace) string {
	if t.Untimed() {
		return Unknown
	}
	return draw.Duration(t.Duration())
}

// SpanDuration writes how long a span took: at least so long where it has no end, or that it is not known.
func SpanDuration(s trace.Span) string {
	switch {
	case s.Untimed():
		return Unknown
	case s.Has(trace.FlagUnfinished):
		return "≥ " + draw.Duration(s.Duration())
	}
	return draw.Duration(s.Duration())
}

// ShortID is the beginning of a trace's id, as it is drawn.
func ShortID(id trace.TraceID) string { return draw.Clean(id.Short()) }

// SeverityInk is the ink of a log line's severity: red is an error, yellow a warning.
func SeverityInk(s logline.Severity, theme *style.Theme) draw.Ink {
	switch {
	case s >= logline.Error:
		return theme.Error
	case s == logline.Warn:
		return theme.Warn
	}
	return theme.Dim
}

// NoName stands for an operation without a name, NoService for the service of spans that name none.
const (
	NoName    = "(no name)"
	NoService = "(no service)"
)

// Diagnosing is how far the detectors are: traces done, of how many. The zero value says that they are not at work.
type Diagnosing struct{ Done, Total int }

// Text says it.
func (p Diagnosing) Text() string { return "diagnosing " + draw.Percent(int64(p.Done), int64(p.Total)) }

// NotRead is said of a trace that a backend listed and whose spans nobody asked for yet.
const NotRead = "not yet read"
