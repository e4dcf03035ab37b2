package report

import (
	"fmt"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/views/draw"
)

// certain is the q-value below which a difference between sets is printed.
const certain = 0.05

// setChanges lists the calls that certainly differ between two sets, in the order of the tree: made more or less
// often, failing, slower.
func setChanges(c *population.Comparison) []compare.Change {
	var list []compare.Change
	add := func(kind compare.Kind, node int, format string, args ...any) {
		list = append(list, compare.Change{Kind: kind, Node: node, Detail: fmt.Sprintf(format, args...)})
	}
	for i := range c.Calls {
		n := &c.Calls[i]
		switch p := &n.Presence; {
		case p.Q >= certain:
		case p.K[1] == 0:
			add(compare.KindMissing, i, "in %s → 0 %% of traces", draw.PercentOf(p.Share(0)))
		case p.K[0] == 0:
			add(compare.KindAdded, i, "in 0 %% → %s of traces", draw.PercentOf(p.Share(1)))
		default:
			add(compare.KindCount, i, "in %s → %s of traces", draw.PercentOf(p.Share(0)), draw.PercentOf(p.Share(1)))
		}
		if e := &n.Errors; e.Q < certain {
			add(compare.KindStatus, i, "errors in %s → %s of the traces that make the call", draw.PercentOf(e.Share(0)), draw.PercentOf(e.Share(1)))
		}
		if m := &n.Counts; m.LeastQ() < certain && n.Presence.Q >= certain {
			add(compare.KindCount, i, "calls/trace %.3g → %.3g", m.Mean[0], m.Mean[1])
		}
		if m := &n.Self; m.LeastQ() < certain {
			add(compare.KindDuration, i, "self time per call: %s", m.Text(certain, lasted))
		}
		if m := &n.Gap; m.LeastQ() < certain {
			add(compare.KindGap, i, "network/queue time per call: %s", m.Text(certain, lasted))
		}
	}
	return list
}

func lasted(ns float64) string { return compare.Written(int64(ns)) }

// SetsDiffer reports whether two sets certainly differ; where too few traces allow no test, whether they differ in what
// they do, or in their mean by a tenth.
func SetsDiffer(c *population.Comparison) bool {
	if len(c.Good) == 0 || len(c.Bad) == 0 || len(c.LeftOut) > 0 {
		return true
	}
	if c.Descriptive {
		return len(c.Shapes) > 0 || c.Of[0].ErrorRate != c.Of[1].ErrorRate || 10*max(c.Delta, -c.Delta) > c.Of[0].Mean
	}
	return c.Duration.LeastQ() < certain || c.Errors.Q < certain || len(c.Culprits) > 0 || len(c.Shapes) > 0 || len(c.Attributes) > 0 ||
		len(c.Paces) > 0 || c.ShapeTest.Q < certain || c.MeanDiffers() ||
		len(setChanges(c)) > 0
}
