package views

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
	"tracefall/views/draw"
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

	failed []trace.Notice // of detectors, about set

	stale bool     // bad does not belong to set
	bad   []uint32 // traces with blemishes, the worst first
	open  []bool   // notices that are unfolded
	rows  []diagRow
	width int // for which rows were made, 0 for none

	scroller
	first int // line of the first row on screen
}

// LoadReport is how loading went.
type LoadReport struct {
	Took   time.Duration // all of it
	First  time.Duration // until the first traces were there
	Inputs []InputReport
}

// InputReport is how one input was read.
type InputReport struct {
	Name          string
	Format        string // "OTLP JSON", "Jaeger JSON" …; "" where not known
	Bytes         int64  // 0 where not known
	Took          time.Duration
	Traces, Spans int
	Failed        string // why it could not be read, "" when it could
}

// diagRow is a line of the screen above the traces.
type diagRow struct {
	kind   diagKind
	text   string
	notice int // which one, for notices and what is unfolded below them
}

type diagKind uint8

const (
	diagBlank diagKind = iota
	diagTitle
	diagGood  // said with a check mark
	diagInput // an input that was read
	diagCut   // an input that was read and is truncated
	diagError // an input that was not
	diagWhy   // more lines about it
	diagGroup // the input that notices are about
	diagNotice
	diagMore // unfolded below a notice
	diagText
)

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

// Typing implements Screen.
func (d *Diagnostics) Typing() bool { return false }

// Type implements Screen.
func (d *Diagnostics) Type(tea.KeyPressMsg) Action { return nil }

// count returns the number of rows.
func (d *Diagnostics) count() int { return len(d.rows) + len(d.bad) }

// selected returns the trace under the cursor, nil elsewhere.
func (d *Diagnostics) selected() *trace.Trace {
	if k := d.row - len(d.rows); k >= 0 && k < len(d.bad) {
		return d.set.Trace(int(d.bad[k]))
	}
	return nil
}

// notice returns the notice under the cursor, -1 elsewhere.
func (d *Diagnostics) notice() int {
	if d.row < len(d.rows) {
		if r := d.rows[d.row]; r.kind == diagNotice || r.kind == diagMore {
			return r.notice
		}
	}
	return -1
}

// Can implements Screen.
func (d *Diagnostics) Can(c Command) string {
	if reason, known := d.canMove(c, d.count(), "nothing was opened"); known {
		return reason
	}
	switch c {
	case Back:
		return ""
	case Enter:
		if d.selected() == nil && d.notice() < 0 {
			return "only traces and notices open"
		}
		return ""
	case Fold, Left, Right:
		if d.notice() < 0 {
			return "only notices unfold"
		}
		return ""
	case OpenAll, FoldAll:
		if len(d.open) == 0 {
			return "there are no notices"
		}
		return ""
	case CopyTrace:
		if d.selected() == nil {
			return "no trace under the cursor"
		}
		return ""
	case CopyLine, CopyValue:
		if d.row >= d.count() {
			return "nothing was opened"
		}
		return ""
	}
	return NotHere
}

// Do implements Screen.
func (d *Diagnostics) Do(c Command) Action {
	if d.Can(c) != "" {
		return nil
	}
	if d.move(c, d.count()) {
		return nil
	}
	switch c {
	case Back:
		return Leave{}
	case Enter:
		if t := d.selected(); t != nil {
			return OpenTrace{Trace: t, Span: -1}
		}
		d.unfold(d.notice(), !d.open[d.notice()])
	case Fold:
		d.unfold(d.notice(), !d.open[d.notice()])
	case Left, Right:
		d.unfold(d.notice(), c == Right)
	case OpenAll, FoldAll:
		for i := range d.open {
			d.open[i] = c == OpenAll
		}
		d.width = 0
	case CopyTrace:
		return Copy{"trace id", d.selected().ID().String()}
	case CopyLine, CopyValue:
		return Copy{"line", draw.Clean(d.text(d.row))}
	}
	return nil
}

// unfold shows or hides the places of a notice; the cursor goes to the notice.
func (d *Diagnostics) unfold(notice int, open bool) {
	d.open[notice] = open
	for row := d.row; row >= 0; row-- {
		if d.rows[row].kind == diagNotice {
			d.row = row
			break
		}
	}
	d.width = 0
}

// text returns a row as text.
func (d *Diagnostics) text(row int) string {
	if row < len(d.rows) {
		return d.rows[row].text
	}
	t := d.set.Trace(int(d.bad[row-len(d.rows)]))
	return t.ID().String() + "  " + rootText(t) + "  " + joined(qualityWords(t.Quality()))
}

// Mouse implements Screen: a click selects, a double click opens.
func (d *Diagnostics) Mouse(m Mouse) Action {
	if m.Wheel != 0 {
		d.wheel(m.Wheel, d.count())
		return nil
	}
	if row := d.top + m.Y - d.first; m.Y >= d.first && row < d.count() {
		d.row = row
		d.clamp(d.count())
		if m.Double {
			return d.Do(Enter)
		}
	}
	return nil
}

// Status implements Screen.
func (d *Diagnostics) Status(*Env) (left, right string) {
	if d.set == nil {
		return "nothing was opened", ""
	}
	return amount(len(d.set.Notices()), "notice") + " · " + amount(len(d.bad), "trace") + " with blemishes", ""
}
