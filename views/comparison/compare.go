package comparison

import (
	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/waterfall"
)

// Comparison shows a good and a bad trace aligned, and above them what made the difference.
//
//	SetComparison --> diffIndex (what a row says) --> diffTree.build --> rows
//	                  explanation (ranked)
//	Do, Mouse     --> cursor, folds, panes --> (rows again, where folds changed)
//	Draw          --> formats rows[top:top+height]
//
// A row is a call of the aligned tree: on both sides one cursor, one fold state. The cursor follows its call when
// rows change.
type Comparison struct {
	c       *compare.Comparison // nil without one
	pending string
	index   *diffIndex
	tree    *diffRows
	why     whyList
	inspect inspector
	search  search
	height  int // rows at first: what they leave free stays the causes'

	cursor int  // row
	top    int  // first row on screen
	page   int  // rows on screen in the last frame
	settle bool // the cursor came from afar: the next frame shows what is around it
	shift  int  // levels of indentation scrolled away
	widen  int  // cells the names' column is wider than by default

	pane   pane
	side   views.Side
	own    bool                 // each trace has its own time scale
	zoom   [2]waterfall.Zooming // by side
	merged bool                 // one tree with both, although there is room for two
	walked bool                 // the causes were gone through: the next is the one after this
	drawn  layout
}

// pane is the part of the screen that has the keys.
type pane uint8

const (
	paneRows pane = iota
	paneWhy
	paneInspect
)

// New returns a screen without a comparison.
func New() *Comparison { return &Comparison{page: 1, side: views.Bad} }

// SetComparison shows a comparison; nil shows none. What does not differ is folded, and the cursor is on what is
// worth looking at first.
func (v *Comparison) SetComparison(c *compare.Comparison) {
	v.pending = ""
	v.c, v.index, v.tree = c, nil, nil
	v.cursor, v.top, v.shift = 0, 0, 0
	v.walked, v.search.typing, v.search.found = false, false, nil
	v.pane, v.why, v.inspect = paneRows, whyList{}, inspector{shown: v.inspect.shown}
	if c == nil {
		return
	}
	v.index = newDiffIndex(c)
	v.tree = newDiffTree(c, v.index)
	v.why = explain(c)
	v.unzoom()
	v.tree.build()
	v.height = len(v.tree.rows)
	if node := v.why.Start(); node >= 0 {
		v.goTo(node)
	}
}

// SetPending says what is being worked out, instead of or above the comparison; "" ends it.
func (v *Comparison) SetPending(text string) { v.pending = text }

// Comparison returns what is shown, nil for none.
func (v *Comparison) Comparison() *compare.Comparison { return v.c }

// Select puts the cursor on the call that a span of the good or the bad trace belongs to, opening what it is
// hidden in.
func (v *Comparison) Select(bad bool, span int) {
	if v.c == nil || span < 0 {
		return
	}
	t := v.c.Good.Trace
	if bad {
		t = v.c.Bad.Trace
	}
	if span < t.Len() {
		v.goTo(v.c.NodeOf(bad, span))
	}
}

// Selected returns the trace and the span that the row under the cursor stands for, on the side that is chosen or
// else on the only one there is; nil and -1 for none.
func (v *Comparison) Selected() (*trace.Trace, int) {
	r, ok := v.row()
	if !ok {
		return nil, -1
	}
	for _, side := range [...]views.Side{v.side, 1 - v.side} {
		if i := v.spanOf(r, side); i >= 0 {
			return v.index.facts[side].Trace, i
		}
	}
	return nil, -1
}

// spanOf returns the span of a side that a row stands for, its first where it is several; -1 for none.
func (v *Comparison) spanOf(r diffRow, side views.Side) int {
	spans := v.index.spans(int(r.node), side)
	k := 0
	if r.kind == pairRow {
		k = int(r.pair)
	}
	if k >= len(spans) {
		return -1
	}
	return spans[k]
}

// row returns the row under the cursor.
func (v *Comparison) row() (diffRow, bool) {
	if v.tree == nil || v.cursor < 0 || v.cursor >= len(v.tree.rows) {
		return diffRow{}, false
	}
	return v.tree.rows[v.cursor], true
}

// goTo puts the cursor on a call of the aligned tree.
func (v *Comparison) goTo(node int) {
	if v.tree.uncover(node) {
		v.tree.build()
	}
	v.cursor = v.tree.Find(node, callRow)
	if v.cursor < v.top || v.cursor >= v.top+v.page {
		v.settle = true
	}
	v.follow()
}

// rebuild makes the rows again. The cursor stays with its call and at its place on the screen.
func (v *Comparison) rebuild() {
	r, ok := v.row()
	screen := v.cursor - v.top
	v.tree.build()
	if ok {
		v.cursor = v.tree.Find(int(r.node), r.kind)
		if r.kind == pairRow && v.tree.shows(v.cursor+int(r.pair), r) {
			v.cursor += int(r.pair)
		}
	}
	v.top = v.cursor - screen
	v.follow()
}

// follow scrolls as little as is needed to have the cursor on the screen.
func (v *Comparison) follow() {
	n := len(v.tree.rows)
	v.cursor = min(max(v.cursor, 0), max(n-1, 0))
	if v.settle {
		v.top = v.cursor - v.page/waterfall.LookAround
	}
	v.top = min(max(v.top, v.cursor-v.page+1), v.cursor)
	v.top = max(min(v.top, n-v.page), 0)
}
