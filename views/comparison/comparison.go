package comparison

import (
	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/prompt"
	"tracefall/views/tree"
)

// Comparison shows a good and a bad trace aligned, and above them what made the difference.
type Comparison struct {
	scales
	rows    *rows // nil without a comparison
	tree    tree.Tree
	why     whyList
	inspect inspector
	search  prompt.Search // for calls by their words: what they are called, and what differs at them

	bindings []views.Binding
	pending  string
	height   int  // rows at first: what they leave free stays the causes'
	need     need // of the columns of durations
	widen    int  // cells the names' column is wider than by default
	pane     pane
	side     views.Side
	shape    shape
	walked   bool // the causes were gone through: the next is the one after this
	drawn    layout
}

// pane is the part of the screen that has the keys.
type pane uint8

const (
	paneRows pane = iota
	paneWhy
	paneInspect
)

// New returns a screen without a comparison.
func New() *Comparison { return &Comparison{side: views.Bad} }

// SetComparison shows a comparison; nil shows none. What does not differ is folded, and the cursor is on what is
// worth looking at first.
func (v *Comparison) SetComparison(c *compare.Comparison) {
	v.pending = ""
	v.rows = nil
	v.tree.Show(nil)
	v.tree.Row, v.tree.Top, v.tree.Shift = 0, 0, 0
	v.walked, v.search.On, v.search.Found = false, false, nil
	v.pane, v.why, v.inspect = paneRows, whyList{}, inspector{shown: v.inspect.shown}
	if c == nil {
		return
	}
	v.rows = newRows(newIndex(c))
	v.tree.Show(v.rows)
	v.need = needOf(v.rows.index)
	v.why = explain(c, v.rows.stems)
	v.all = v.rows.window
	v.unzoom()
	v.rows.build()
	v.height = v.rows.Len()
	if node := v.why.start(); node >= 0 {
		v.goTo(node)
	}
}

// SetPending says what is being worked out, instead of or above the comparison; "" ends it.
func (v *Comparison) SetPending(text string) { v.pending = text }

// Comparison returns what is shown, nil for none.
func (v *Comparison) Comparison() *compare.Comparison {
	if v.rows == nil {
		return nil
	}
	return v.rows.c
}

// Select puts the cursor on the call that a span of the good or the bad trace belongs to, opening what it is
// hidden in.
func (v *Comparison) Select(bad bool, span int) {
	if v.rows == nil || span < 0 {
		return
	}
	side := views.Good
	if bad {
		side = views.Bad
	}
	if span < v.rows.facts[side].Trace.Len() {
		v.goTo(v.rows.c.NodeOf(bad, span))
	}
}

// Selected returns the trace and the span that the row under the cursor stands for, on the side that is chosen or
// else on the only one there is; nil and -1 for none.
func (v *Comparison) Selected() (*trace.Trace, int) {
	at, ok := v.row()
	if !ok {
		return nil, -1
	}
	for _, side := range [...]views.Side{v.side, 1 - v.side} {
		if i := v.rows.spanOf(at, side); i >= 0 {
			return v.rows.facts[side].Trace, i
		}
	}
	return nil, -1
}

// chosen returns the side that a row is opened on: the one that was chosen, where it has the call.
func (v *Comparison) chosen(at row) views.Side {
	if v.rows.spanOf(at, v.side) >= 0 {
		return v.side
	}
	return 1 - v.side
}

// row returns the row under the cursor.
func (v *Comparison) row() (row, bool) {
	if v.rows == nil {
		return row{}, false
	}
	return v.rows.at(v.tree.Row)
}

// goTo puts the cursor on a call of the aligned tree.
func (v *Comparison) goTo(node int) {
	if v.rows.openAround(node) {
		v.rows.build()
	}
	v.tree.Reach(v.rows.find(node, callRow))
}

// land is goTo, but a run of what was not executed stays closed where it begins with the node.
func (v *Comparison) land(node int) {
	r := v.rows
	if _, ok := r.runs[node]; !ok || r.open.Has(node) || !r.c.Nodes[node].NotReached {
		v.goTo(node)
		return
	}
	if p := r.c.Nodes[node].Parent; p >= 0 && (r.openAround(p) || r.folded.Has(p)) {
		r.folded.Remove(p)
		r.build()
	}
	v.tree.Reach(r.find(node, runRow))
}

// load makes the lines of the pane that shows what differs for the row under the cursor.
func (v *Comparison) load() {
	at, ok := v.row()
	v.inspect.load(v.rows, at, ok)
}
