package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"tracefall/diagnose/compare/calltree"
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
//	Shares, Rest   whether parts are worth saying in percent of Delta, and what goes against one that is more

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

// Length returns how long the good or the bad trace took, in ns: the duration that lists and waterfalls show.
func (c *Comparison) Length(bad bool) int64 {
	if bad {
		return c.Bad.Trace.Duration()
	}
	return c.Good.Trace.Duration()
}

// longer returns the length of the longer trace.
func (c *Comparison) longer() int64 { return max(c.Length(false), c.Length(true)) }

// outside returns how much of the traces' lengths their critical paths do not cover, bad less good, and what that is:
// time before or after a root that ended early, or by which clocks were set right.
func (c *Comparison) outside() (delta int64, what string) {
	good, bad := c.Length(false)-c.Good.Total(), c.Length(true)-c.Bad.Total()
	what = "time outside the root span"
	if good != 0 && c.rootless(false) || bad != 0 && c.rootless(true) {
		what = "clock-skew correction"
	}
	return bad - good, what
}

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

// Rest says, of a part that is larger than the whole difference, what the rest makes against it: "the rest -404 ms".
// "" for any other part.
func (c *Comparison) Rest(part int64) string {
	const seen = 1.005 // times the whole, from where on a share is written as 101 %
	seems := float64(Abs(part)) >= seen*float64(Abs(c.Delta))
	if (part > 0) != (c.Delta > 0) || Abs(part) <= Abs(c.Delta) || !seems && shown(part) == shown(c.Delta) {
		return ""
	}
	return "the rest " + signedly(c.Delta-part)
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
		skipped.Text = Plural(calls, "call") + " after the failure"
		c.Causes = append(c.Causes, skipped)
	}
	c.highest, c.lowest = slices.Max(c.deltas), slices.Min(c.deltas)
	for k := range c.Causes {
		d := c.Causes[k].Delta
		c.Slower, c.Faster = c.Slower+max(d, 0), c.Faster+min(d, 0)
		c.highest, c.lowest = max(c.highest, d), min(c.lowest, d)
	}
	for k := range c.Causes {
		cause := &c.Causes[k]
		if !cause.NotExecuted {
			cause.Text = c.causeText(cause)
		}
		if rest := c.Rest(cause.Delta); rest != "" && c.Shares() {
			cause.Text += "; " + rest
		}
	}
}

// causeText says what made a cause. Its parts sum to it as they are written, or it is said that they are rounded.
func (c *Comparison) causeText(cause *Cause) string {
	var texts []string
	for _, part := range cause.parts {
		text := part.Message // its time is the cause's
		if len(cause.parts) > 1 {
			text = part.Text()
		}
		texts = append(texts, text)
	}
	if len(cause.parts) > 1 && !AddUp(cause.Delta, cause.deltas()...) {
		texts = append(texts, "rounded")
	}
	return strings.Join(texts, ", ")
}

func (cause *Cause) deltas() []int64 {
	list := make([]int64, len(cause.parts))
	for k, part := range cause.parts {
		list[k] = part.Delta
	}
	return list
}

// Text is what a contribution says, with its time where the message does not have it: "×1 → ×5: 4 more calls (+2 s)".
func (p Contribution) Text() string {
	if p.timed() {
		return p.Message
	}
	return p.Message + " (" + signedly(p.Delta) + ")"
}

// AddUp reports whether parts sum to the whole as they are written, with three digits each.
func AddUp(whole int64, parts ...int64) bool {
	var sum int64
	for _, part := range parts {
		sum += shown(part)
	}
	return shown(sum) == shown(whole)
}

// The noise under which a change of duration between two single traces is not reported.
const (
	noiseLeast = int64(5_000_000) // ns
	noiseCall  = 0.10             // of the longer of the two
	noiseTrace = 0.01             // of the longer trace
)

func (c *Comparison) meanDuration(bad bool, call *calltree.Call) int64 {
	f := c.Good
	if bad {
		f = c.Bad
	}
	return f.Sum(call.Members) / int64(call.Times())
}

// notable reports whether a change of the mean duration of a call is more than noise.
func (c *Comparison) notable(d int64, good, bad *calltree.Call) bool {
	return Abs(d) >= c.noise(max(c.meanDuration(false, good), c.meanDuration(true, bad)))
}

// noise is by how much two single calls, the longer of which takes that long, may differ by chance.
func (c *Comparison) noise(longer int64) int64 {
	return max(noiseLeast, int64(noiseCall*float64(longer)), int64(noiseTrace*float64(c.longer())))
}

// Notable reports whether calls of a node, that take so long in the good and the bad trace, differ by more than noise.
func (c *Comparison) Notable(good, bad int64) bool { return Abs(bad-good) >= c.noise(max(good, bad)) }

// Plural counts something: "1 call", "2 calls".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
