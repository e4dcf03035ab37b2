package compare

import (
	"slices"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
)

// A trace with several first spans, or whose spans lost their parents, stands under a root of our own. What that root
// does not hand to what is below it is time in which nothing recorded ran: nobody's self time.
//
//	GET /a  |--|
//	GET /b                |--|
//	            |========|       time between the first spans

// rootless reports whether the good or the bad trace has no single root.
func (c *Comparison) rootless(bad bool) bool {
	if bad {
		return c.Bad.Trace.First() > 0
	}
	return c.Good.Trace.First() > 0
}

// inPieces reports whether the top of the aligned tree stands for the pieces of either trace.
func (c *Comparison) inPieces() bool { return c.rootless(false) || c.rootless(true) }

// Pieces returns how many spans of the good or the bad trace node i holds together without being their parent, 0
// where it is a call; lost reports whether their parents are missing from the export.
func (c *Comparison) Pieces(i int, bad bool) (n int, lost bool) {
	node := &c.Nodes[i]
	f, spans := c.Good, node.Good
	if bad {
		f, spans = c.Bad, node.Bad
	}
	if i > 0 || len(spans) == 0 || !c.rootless(bad) {
		return 0, false
	}
	for range f.Children(0) {
		n++
	}
	return n, facts.Incomplete(f.Trace)
}

// piecesWord says what holds several pieces: "2 root spans", "3 pieces of an incomplete trace".
func piecesWord(n int, lost bool) string {
	switch {
	case lost:
		return Plural(n, "piece") + " of an incomplete trace"
	case n == 0:
		return "1 root span"
	}
	return Plural(n, "root span")
}

// ApartWord says what the time is called in which nothing of traces without a single root ran.
func ApartWord(traces ...*facts.Facts) string {
	if slices.ContainsFunc(traces, func(f *facts.Facts) bool { return f.Trace.First() > 0 && facts.Incomplete(f.Trace) }) {
		return "time between pieces of an incomplete trace"
	}
	return "time between the first spans"
}

// pairsWithRoot reports whether the pieces of a trace that lost its root are the calls that the other trace's root
// makes: then the two stand for each other.
func pairsWithRoot(pieces, whole *calltree.Tree) bool {
	root := &whole.Calls[0]
	known := make(map[int32]bool, len(root.Kids))
	for _, k := range root.Kids {
		known[whole.Calls[k].Key] = true
	}
	var all, alike int32
	for _, k := range pieces.Calls[0].Kids {
		c := &pieces.Calls[k]
		if c.Key == root.Key {
			return false
		}
		all += c.Size
		if known[c.Key] {
			alike += c.Size
		}
	}
	return 2*alike >= all && alike > 0
}
