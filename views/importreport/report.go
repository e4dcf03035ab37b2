package importreport

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// Diagnostics is the screen that says how reading went: each input, everything that was skipped, repaired or in
// doubt, and which traces can be trusted less.
//
//	inputs      one line each: size, time, traces, spans, or why it could not be read
//	notices     by input; the places unfold
//	traces      only those with blemishes, the worst first; enter opens one
type Diagnostics struct {
	set  *trace.Set
	load LoadReport
	logs []BackendReport // log stores that were asked

	failed []trace.Notice // of detectors, about set

	stale bool     // bad does not belong to set
	bad   []uint32 // traces with blemishes, the worst first
	open  []bool   // notices that are unfolded
	rows  []diagRow
	width int // for which rows were made, 0 for none

	columns traceColumns // of bad

	table.Scroller
	bindings []views.Binding
}

// LoadReport is how loading went.
type LoadReport struct {
	Took   time.Duration // all of it
	First  time.Duration // until the first traces were there
	Inputs []InputReport
	Failed []string // why nothing could be read, in a line an input; nil where something was

	Backends []BackendReport // that were asked
}

// BackendReport is what a backend was asked, and what it answered. No text holds a secret.
type BackendReport struct {
	Name, URL, Server string
	Requests          int
	Bytes             int64
	Asked             []string // in the server's language, a line a request
	Here              []string // terms that were evaluated here
	Approx            []string // terms that the server may answer too narrowly, with the reason
	Notes             []string // what may be missing
	Events            []string // the latest requests, the oldest first
}

// InputReport is how one input was read.
type InputReport struct {
	Name          string
	Format        string // "OTLP JSON", "Jaeger JSON" …; "" where not known
	Bytes         int64  // 0 where not known
	Took          time.Duration
	Traces, Spans int    // of the input, copies included
	Copies        int    // spans that are exact copies of others, of this input or of another: they were dropped
	Failed        string // why it could not be read, "" when it could
}

// diagRow is a line of the screen above the traces.
type diagRow struct {
	kind   diagKind
	text   string
	whole  string // that it is a line of, or short for
	notice int    // which one, for notices and what is unfolded below them; noNotice for others
}

const noNotice = -1

type diagKind uint8

const (
	diagBlank diagKind = iota
	diagTitle
	diagGood  // said with a check mark
	diagInput // an input that was read
	diagCut   // an input that was read and is truncated or damaged, what may be missing of an answer
	diagNote  // more lines about it
	diagError // an input that was not
	diagWhy   // more lines about it
	diagGroup // the input that notices are about
	diagNotice
	diagMore // unfolded below a notice
	diagText
)

var _ views.OfSet = (*Diagnostics)(nil)

// SetSet shows what is known about the traces of a set.
func (d *Diagnostics) SetSet(set *trace.Set) {
	if set != d.set {
		d.set, d.stale = set, true
		d.failed = nil
		d.rows, d.bad = nil, nil // they are made when they are drawn
		d.open = make([]bool, len(set.Notices()))
	}
}

// SetFailed shows which detectors failed on a set; those on another set are dropped.
func (d *Diagnostics) SetFailed(set *trace.Set, notices []trace.Notice) {
	if set == d.set {
		d.failed, d.width = notices, 0
	}
}

// SetLoad shows how loading went.
func (d *Diagnostics) SetLoad(r LoadReport) { d.load, d.width = r, 0 }

// SetLogs shows what a log store was asked, in the place of what was shown of it.
func (d *Diagnostics) SetLogs(r BackendReport) {
	d.logs = slices.DeleteFunc(slices.Clone(d.logs), func(other BackendReport) bool { return other.Name == r.Name })
	d.logs, d.width = append(d.logs, r), 0
}

// Typing implements Screen.
func (d *Diagnostics) Typing() bool { return false }

// Type implements Screen.
func (d *Diagnostics) Type(tea.KeyPressMsg) views.Action { return nil }

// count returns the number of rows.
func (d *Diagnostics) count() int { return len(d.rows) + len(d.bad) }

// selected returns the trace under the cursor, nil elsewhere.
func (d *Diagnostics) selected() *trace.Trace {
	if k := d.Row - len(d.rows); k >= 0 && k < len(d.bad) {
		return d.set.Trace(int(d.bad[k]))
	}
	return nil
}

// notice returns the notice under the cursor, noNotice elsewhere.
func (d *Diagnostics) notice() int {
	if d.Row < len(d.rows) {
		return d.rows[d.Row].notice
	}
	return noNotice
}

// Bindings implements Screen.
func (d *Diagnostics) Bindings() []views.Binding {
	return views.Once(&d.bindings, func() []views.Binding {
		b := views.Binder{None: views.When(func() bool { return d.Row >= d.count() }, "no input")}
		b.Moves(func(c views.Command) { d.Move(c, d.count()) })
		b.Bind(views.CopyLine, views.Copies("line", d.line))
		b.Bind(views.CopyValue, views.Copies("line", d.line))
		b.None = nil
		noNotice := views.When(func() bool { return d.notice() < 0 }, "only notices unfold")
		b.Quiet(views.Fold, d.toggle, noNotice)
		b.QuietPair(views.Right, views.Left, func(open bool) { d.unfold(d.notice(), open) }, noNotice)
		b.QuietPair(views.OpenAll, views.FoldAll, d.unfoldAll, views.When(func() bool { return len(d.open) == 0 }, "there are no notices"))
		b.Bind(views.Enter, d.enter, views.When(func() bool { return d.selected() == nil && d.notice() < 0 }, "only traces and notices open"))
		b.Bind(views.CopyTrace, views.Copies("trace id", func() string { return d.selected().ID().String() }),
			views.When(func() bool { return d.selected() == nil }, "no trace under the cursor"))
		b.Bind(views.Back, views.Leaves)
		return views.Footer(b.List, views.ShowHelp, views.Enter, views.Down, views.OpenAll, views.CopyMenu, views.Back)
	})
}

// enter opens the trace under the cursor, or unfolds the notice.
func (d *Diagnostics) enter() views.Action {
	if t := d.selected(); t != nil {
		return views.OpenTrace{Trace: t, Span: -1}
	}
	d.toggle()
	return nil
}

// toggle unfolds the notice under the cursor, or folds it.
func (d *Diagnostics) toggle() { d.unfold(d.notice(), !d.open[d.notice()]) }

func (d *Diagnostics) unfoldAll(open bool) {
	for i := range d.open {
		d.open[i] = open
	}
	d.width = 0
}

// unfold shows or hides the places of a notice; the cursor goes to the notice.
func (d *Diagnostics) unfold(notice int, open bool) {
	d.open[notice] = open
	for row := d.Row; row >= 0; row-- {
		if d.rows[row].kind == diagNotice {
			d.Row = row
			break
		}
	}
	d.width = 0
}

// line returns the row under the cursor as text, without anything left out.
func (d *Diagnostics) line() string {
	if d.Row < len(d.rows) {
		return draw.Clean(d.rows[d.Row].whole)
	}
	t := d.selected()
	return draw.Clean(t.ID().String() + "  " + views.RootText(t) + "  " + joined(views.QualityWords(t.Quality())))
}

// Mouse implements Screen: a click selects, a double click opens.
func (d *Diagnostics) Mouse(m views.Mouse) views.Action {
	if d.Click(m, d.count()) && m.Double {
		return views.Do(d.Bindings(), views.Enter)
	}
	return nil
}

// Status implements Screen.
func (d *Diagnostics) Status(*views.Env) (left, right string) {
	if d.set == nil {
		return "no input", ""
	}
	return draw.Amount(len(d.set.Notices()), "notice") + draw.SegmentGap + draw.Amount(len(d.bad), "trace") + " incomplete or suspect", ""
}

func joined(words []string) string { return strings.Join(words, ", ") }
