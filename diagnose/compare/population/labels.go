package population

import (
	"fmt"
	"math"
	"slices"

	"tracefall/diagnose/compare"
)

func toNS(f float64) int64 { return int64(math.Round(f)) }

// lasted writes a time in ns, which may be negative: nanoseconds say nothing that traces can know.
func lasted(f float64) string {
	switch {
	case math.Abs(f) < 0.5:
		return "0"
	case math.Abs(f) < 1000:
		return "< 1 µs"
	}
	return compare.Written(toNS(f))
}

func perTraceCount(f float64) string {
	switch {
	case f == math.Trunc(f):
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2g", f)
}

// PartName says whose time a part of the difference is: of own work, who does it; of a gap, who calls and who serves; of
// time between the pieces of a trace, nobody; of calls, who makes them.
func (c *Comparison) PartName(part compare.Contribution) string {
	n := &c.Calls[part.Node]
	switch {
	case part.Apart:
		return "no call"
	case n.Worker == n.Op.Service:
	case part.Kind == compare.KindDuration:
		return n.Worker + " " + n.Op.Label()
	case part.Kind == compare.KindGap:
		return n.Op.Service + " → " + n.Worker + " " + n.Op.Label()
	}
	if n.Op.Service == "" {
		return n.Op.Label()
	}
	return n.Op.Service + " " + n.Op.Label()
}

// Path lists the labels of the calls from the entry operation to call i.
func (c *Comparison) Path(i int) []string {
	path := make([]string, c.Calls[i].Depth+1)
	for at := i; at >= 0; at = c.Calls[at].Parent {
		path[c.Calls[at].Depth] = c.Calls[at].Op.Label()
	}
	return path
}

// largest returns the largest part in the direction of the whole difference, nil where there is none.
func (c *Comparison) largest() *compare.Contribution {
	at := slices.IndexFunc(c.Contributions, func(part compare.Contribution) bool { return c.Delta != 0 && (part.Delta > 0) == (c.Delta > 0) })
	if at < 0 {
		return nil
	}
	return &c.Contributions[at]
}
