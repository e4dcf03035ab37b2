package compare

import (
	"fmt"
	"strconv"
	"strings"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// worstFailure returns the span of a node that failed worst, -1 for none, and how many of the calls failed: by their own
// span or by the one that served them, which is its child.
func worstFailure(f *facts.Facts, c *calltree.Call) (worst, failed int) {
	worst = -1
	for side, list := range [...][]int{c.Members, c.Servers} {
		for _, i := range list {
			if !f.Failed(i) {
				continue
			}
			if side == 0 || !f.Failed(f.Trace.Parent(i)) {
				failed++
			}
			if worst < 0 || f.Failure(worst) == semconv.ErrorOther {
				worst = i
			}
		}
	}
	return worst, failed
}

// outcome sums up how the calls of a node ended: "ok", or the worst, with what it is called and how many.
func outcome(f *facts.Facts, c *calltree.Call, name func(*facts.Facts, int) string) string {
	worst, failed := worstFailure(f, c)
	switch {
	case worst < 0:
		return "ok"
	case c.Times() > 1:
		return fmt.Sprintf("%s/%s errors%s", trace.Grouped(failed), trace.Grouped(c.Times()), bracketed(name(f, worst)))
	}
	return "error" + bracketed(name(f, worst))
}

// failedBriefly says how many of the calls of a node failed: "5 failed (503)", "2 of 5 failed (TIMEOUT)".
func failedBriefly(f *facts.Facts, c *calltree.Call) string {
	worst, failed := worstFailure(f, c)
	text := "failed" + bracketed(failureCode(f, worst))
	switch n := c.Times(); {
	case n == 1:
		return text
	case failed < n:
		return fmt.Sprintf("%s of %s %s", trace.Grouped(failed), trace.Grouped(n), text)
	}
	return trace.Grouped(failed) + " " + text
}

// bracketed is what stands behind "failed" or "error": " (503)", "" where nothing more is known.
func bracketed(code string) string {
	if code == "" {
		return ""
	}
	return " (" + code + ")"
}

// failureCode is the status that a span failed with, where it has one: "503"; else the sort of its failure, or where that is
// none what it is called everywhere else: "INTERNAL". It is "" where nothing is recorded.
func failureCode(f *facts.Facts, span int) string {
	var fields semconv.Canonical
	f.Canonical(span, &fields)
	if status, ok := fields.Int(semconv.HTTPStatus); ok && status >= 400 && status < 600 {
		return strconv.FormatInt(status, 10)
	}
	if f.Failure(span) != semconv.ErrorOther {
		return failureSort(f, span)
	}
	if reason := failure.Reason(f, span); reason != failure.Unspecified {
		return reason
	}
	return ""
}

// failureSort is the sort of a span's failure as status codes are written: "UNAVAILABLE", "BREAKER_OPEN".
func failureSort(f *facts.Facts, span int) string {
	return strings.ToUpper(strings.ReplaceAll(f.Failure(span).String(), "-", "_"))
}

// markNotReached marks the missing calls that come after a call that failed only in the bad trace, under the same
// parent: they are its consequence.
func (c *Comparison) markNotReached() {
	broken := map[int]bool{} // parents under which a call failed
	for i := range c.Nodes {
		n := &c.Nodes[i]
		switch {
		case n.Parent >= 0 && c.Nodes[n.Parent].NotReached, n.Presence == Missing && n.Moved < 0 && broken[n.Parent]:
			n.NotReached, c.cutShort = true, true
		case c.newlyFailed(n):
			broken[n.Parent] = true
		}
	}
}

// newlyFailed reports whether a call failed in the bad trace and not in the good one.
func (c *Comparison) newlyFailed(n *Node) bool {
	if n.bad < 0 || c.a.bad.Calls[n.bad].Failed == 0 || n.Parent < 0 && c.inPieces() {
		return false
	}
	return n.good < 0 || c.a.good.Calls[n.good].Failed == 0
}

func anyFailed(f *facts.Facts) bool {
	for i := range f.Trace.Len() {
		if f.Failed(i) {
			return true
		}
	}
	return false
}
