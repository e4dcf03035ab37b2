package compare

import "fmt"

// hidden says why a call that changed made little or no difference to the end: what it was hidden behind, and how
// much longer it could have lasted. "" where it did make a difference.
//
//	handler  |------------------------|
//	slow        |---------|~~~~~|         hidden behind wait, slack ~
//	wait        |---------------|
func (c *changes) hidden(i int, change int64) string {
	n := &c.Nodes[i]
	if makes(c.DeltaOf(i), change, 50) || len(n.Bad) != 1 {
		return ""
	}
	at := n.Bad[0]
	if c.Bad.Timing.Async(at) {
		return ", but nothing waits for it"
	}
	own := c.Bad.Timing.Effective(at)
	for up, n := at, 0; up > 0 && n < climbedMost; up, n = c.Bad.Trace.Parent(up), n+1 {
		by, overlap := -1, int64(0)
		looked := 0
		for s := range c.Bad.Children(c.Bad.Trace.Parent(up)) {
			if looked++; looked > siblingsMost {
				break
			}
			if s == up || c.Bad.Timing.Async(s) || c.a.bad.Calls[c.a.bad.Of[s]].Subtree == 0 {
				continue
			}
			e := c.Bad.Timing.Effective(s)
			if both := min(e.End, own.End) - max(e.Start, own.Start); both > overlap {
				by, overlap = s, both
			}
		}
		if by >= 0 {
			slack := max(c.Bad.Timing.Effective(by).End-own.End, 0)
			return fmt.Sprintf(", but hidden behind %s, slack %s", c.Bad.Op(by).Label(), Written(slack))
		}
	}
	return ", but not on the critical path"
}

// The bounds of the search for what hides a call, which every call that changed makes: so many siblings of each, of it and
// of so many of the calls above it.
const (
	siblingsMost = 1000
	climbedMost  = 100
)
