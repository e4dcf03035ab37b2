package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// The arithmetic of a comparison: each number is worked out here, once, and headline, causes, rows, copied text and
// JSON read it from here. There are two bases, and every text names the one it is on:
//
//	durations      how long spans lasted; what columns of durations and changes of kind duration say
//	critical path  how much of the whole trace's time is a call's; what contributions, causes and shares say
//
//	Contributions  disjoint, on the critical path; they sum to Delta
//	Causes         contributions by call: the same sum
//	DeltaOf(i)     of call i with everything below it, on the critical path; DeltaOf(0) is Delta
//	OwnOf(i, end)  of the calls from i to end, as the causes say it: over all calls it is Delta
//	Share, Offset  a part in percent of Delta, and what goes against one that is more

// Cause is what one call made of the difference: all contributions that are its own.
type Cause struct {
	Node        int
	Delta       int64  // ns of the critical path, what is below the call not counted
	Text        string // what made it; where it is several things, each with its time
	Apart       bool   // time that is nobody's: between the pieces of a trace, or outside its root
	NotExecuted bool   // all calls that were not executed after a failure, as one: a consequence, the last of the causes

	parts []Contribution
}

// The bounds of shares in percent: of the longer trace, under which a difference is too small to be divided; and of
// the difference, above which a part of it, or a part that goes against it, is so much that what became slower and
// what became faster nearly cancel out. A part of what is left of them then says nothing.
const (
	dividedLeast = 0.5
	partMost     = 125
	againstMost  = 99
)

// Shares reports whether parts of the difference are worth saying in percent.
func (c *Comparison) Shares() bool {
	whole := float64(Abs(c.Delta))
	with, against := float64(c.highest), -float64(c.lowest)
	if c.Delta < 0 {
		with, against = against, with
	}
	return c.Delta != 0 && 100*whole >= dividedLeast*float64(c.longer()) && 100*with <= partMost*whole && 100*against <= againstMost*whole
}

// weighMost is the part, in percent of all that became slower and all that became faster, from which a contribution
// is more than a trifle.
const weighMost = 1

// Weighs reports whether a contribution is more than a trifle beside the others, however short the traces are.
func (c *Comparison) Weighs(delta int64) bool {
	return delta != 0 && 100*float64(Abs(delta)) >= weighMost*float64(c.Slower-c.Faster)
}

// Share writes which part of the difference a part of it is, "99 %"; "" where percents of it say nothing.
func (c *Comparison) Share(part int64) string {
	whole := c.Delta
	if whole < 0 {
		whole, part = -whole, -part
	}
	if !c.Shares() {
		return ""
	}
	return units.Percent(part, whole)
}

// Offset says, of a part that is larger than the whole difference, what the rest makes against it: "offset by -404 ms
// elsewhere". "" for any other part.
func (c *Comparison) Offset(part int64) string {
	const seen = 1.005 // times the whole, from where on a share is written as 101 %
	seems := float64(Abs(part)) >= seen*float64(Abs(c.Delta))
	if (part > 0) != (c.Delta > 0) || Abs(part) <= Abs(c.Delta) || !seems && Written(part) == Written(c.Delta) {
		return ""
	}
	return c.offset(part)
}

// offset says what all that is not a part makes against it, and where all of it is of one sort, of which.
func (c *Comparison) offset(part int64) string {
	rest, where := c.Delta-part, "elsewhere"
	var skipped, missing int64
	for k := range c.Causes {
		switch cause := &c.Causes[k]; {
		case cause.NotExecuted:
			skipped += cause.Delta
		case c.Nodes[cause.Node].Presence == Missing && !cause.Apart:
			missing += cause.Delta
		}
	}
	switch rest {
	case skipped:
		where = "not executed"
	case missing:
		where = "missing calls"
	}
	return "offset by " + Signed(rest) + " " + where
}

// AmountBriefly writes how much of the difference a part makes where there is little room: without what it is a part of
// where the rest makes up for some of it.
func (c *Comparison) AmountBriefly(part int64) string {
	switch {
	case c.Share(part) == "":
		return Signed(part) + " on the critical path"
	case c.Offset(part) != "":
		return Signed(part) + ", offset by " + Signed(c.Delta-part)
	}
	return c.Amount(part)
}

// Amount writes how much of the difference a part makes: "+4.87 s of +4.93 s (99 %)".
func (c *Comparison) Amount(part int64) string {
	share := c.Share(part)
	switch offset := c.Offset(part); {
	case share != "" && offset != "":
		return fmt.Sprintf("%s of %s (%s, %s)", Signed(part), Signed(c.Delta), share, offset)
	case share != "":
		return fmt.Sprintf("%s of %s (%s)", Signed(part), Signed(c.Delta), share)
	case c.Delta == 0:
		return fmt.Sprintf("%s, %s, trace duration unchanged", Signed(part), c.offset(part))
	case offset == "" && (part > 0) == (c.Delta > 0):
		return fmt.Sprintf("%s of %s", Signed(part), Signed(c.Delta))
	}
	return fmt.Sprintf("%s, %s, trace %s", Signed(part), c.offset(part), Signed(c.Delta))
}

// OwnOf returns by how many nanoseconds the calls from i to before end made the bad trace longer themselves, as causes and
// contributions say it. The ranges of a partition of all calls sum to Delta.
func (c *Comparison) OwnOf(i, end int) int64 { return c.owns[end] - c.owns[i] }

// sumOwn sums the contributions of each call up, so that those of a range are a difference.
func (c *Comparison) sumOwn() {
	c.owns = make([]int64, len(c.Nodes)+1)
	for k := range c.Contributions {
		c.owns[c.Contributions[k].Node+1] += c.Contributions[k].Delta
	}
	for i := range c.Nodes {
		c.owns[i+1] += c.owns[i]
	}
}

// causes joins the contributions of each call, the largest first, and sums up what became slower and what faster.
// What was not executed after a failure is one cause, and the last.
func (c *Comparison) causes() {
	type place struct {
		node  int
		apart bool
	}
	at := make(map[place]int, len(c.Contributions))
	skipped := Cause{Node: -1, NotExecuted: true}
	calls := 0
	for _, part := range c.Contributions {
		if n := &c.Nodes[part.Node]; n.NotReached {
			if skipped.Node < 0 || part.Node < skipped.Node {
				skipped.Node = part.Node
			}
			skipped.Delta += part.Delta
			calls += len(n.Good)
			continue
		}
		of := place{part.Node, part.Apart}
		k, known := at[of]
		if !known {
			k = len(c.Causes)
			at[of] = k
			c.Causes = append(c.Causes, Cause{Node: part.Node, Apart: part.Apart})
		}
		c.Causes[k].Delta += part.Delta
		c.Causes[k].parts = append(c.Causes[k].parts, part)
	}
	slices.SortStableFunc(c.Causes, func(a, b Cause) int { return cmp.Compare(Abs(b.Delta), Abs(a.Delta)) })
	if skipped.Node >= 0 {
		skipped.Text = trace.Counted(calls, "call") + " after the failure"
		c.Causes = append(c.Causes, skipped)
	}
	c.highest, c.lowest = slices.Max(c.deltas), slices.Min(c.deltas)
	for _, cause := range c.Causes {
		d := cause.Delta
		c.Slower, c.Faster = c.Slower+max(d, 0), c.Faster+min(d, 0)
		c.highest, c.lowest = max(c.highest, d), min(c.lowest, d)
	}
	for k := range c.Causes {
		cause := &c.Causes[k]
		if !cause.NotExecuted {
			cause.Text = c.causeText(cause)
		}
		if offset := c.Offset(cause.Delta); offset != "" && c.Shares() {
			cause.Text += "; " + offset
		}
	}
}

// causeText says what made a cause. Its parts sum to it as they are written, or it is said that they are rounded.
func (c *Comparison) causeText(cause *Cause) string {
	var texts []string
	var deltas []int64
	for _, part := range cause.parts {
		deltas = append(deltas, part.Delta)
		text := part.Text()
		if len(cause.parts) == 1 {
			text = messages{c}.contribution(&part, "") // its time is the cause's
		}
		texts = append(texts, text)
	}
	if len(cause.parts) > 1 && !AddUp(units.Rounded, cause.Delta, deltas...) {
		texts = append(texts, "rounded")
	}
	return strings.Join(texts, ", ")
}
