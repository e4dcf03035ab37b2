package population

import (
	"fmt"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// emptyHeadline says why there is nothing to compare.
func emptyHeadline(good, bad []*facts.Facts) string {
	switch {
	case len(good) == 0 && len(bad) == 0:
		return "both sets are empty: nothing to compare"
	case len(good) == 0:
		return fmt.Sprintf("the baseline set is empty: nothing to compare the %s of the bad set with", trace.Counted(len(bad), "trace"))
	case len(bad) == 0:
		return fmt.Sprintf("the bad set is empty: nothing to compare the %s of the baseline set with", trace.Counted(len(good), "trace"))
	}
	return fmt.Sprintf("nothing to compare: the two sets share no root operation; %s of the baseline and %s of the bad set are left out",
		trace.Counted(len(good), "trace"), trace.Counted(len(bad), "trace"))
}

// MeanDiffers reports whether the difference of the means is more than the traces that happen to be there explain, and
// worth telling. Ranks may not show it where a few traces are very slow.
func (c *Comparison) MeanDiffers() bool {
	return (c.DeltaRange[0] > 0 || c.DeltaRange[1] < 0) && 2*compare.Abs(c.Delta) > min(c.Of[0].Mean, c.Of[1].Mean)
}

// headline says in one line what the comparison found, and how far that is certain.
func (c *Comparison) headline(q float64) string {
	counts := fmt.Sprintf("%s baseline and %s", trace.Grouped(len(c.Good)), trace.Counted(len(c.Bad), "bad trace"))
	mean := fmt.Sprintf("mean %s (95 %% CI %s to %s)", compare.Signed(c.Delta), compare.Signed(c.DeltaRange[0]), compare.Signed(c.DeltaRange[1]))
	found := c.significant(q)
	switch {
	case c.same():
		return "no difference between " + counts
	case c.Descriptive:
		return fmt.Sprintf("mean %s%s", compare.Signed(c.Delta), c.most())
	case !found && c.MeanDiffers():
		return mean + c.most() + "; no test finds a difference: a few slow traces may account for it"
	case !found:
		return fmt.Sprintf("no significant difference between %s; %s", counts, mean)
	}
	text := ""
	if len(c.Culprits) > 0 {
		text = fmt.Sprintf("%s: %s; ", c.Culprits[0].Service, c.Culprits[0].Message)
	}
	if told := len(c.Culprits) > 0 && c.Culprits[0].Failing > 0; c.Errors.Q < q && !told {
		text += fmt.Sprintf("%s → %s of traces failed, ", units.PercentOf(c.Of[0].ErrorRate), units.PercentOf(c.Of[1].ErrorRate))
	}
	text += mean
	if len(c.Shapes) == 0 && c.ShapeTest.Q < q {
		text += fmt.Sprintf("; the shares of the %d execution paths differ", c.ShapeTest.Ways)
	}
	if len(c.Culprits) == 0 {
		text += c.most()
	}
	return text
}

// most names the largest part of the difference, where there is one to speak of.
func (c *Comparison) most() string {
	part := c.largest()
	if part == nil {
		return ""
	}
	share := " (" + units.Percent(compare.Abs(part.Delta), compare.Abs(c.Delta)) + " of the mean difference)"
	if offset := c.Offset(part.Delta, c.Delta); offset != "" {
		share = " (" + offset + ")"
	}
	return fmt.Sprintf("; largest contributor %s: %s%s", c.PartName(*part), part.Message, share)
}

// Offset says, of a part that is larger than the whole difference, what the rest makes against it; "" for any other part.
func (c *Comparison) Offset(part, whole int64) string {
	if (part > 0) != (whole > 0) || compare.Abs(part) <= compare.Abs(whole) || units.Percent(compare.Abs(part), compare.Abs(whole)) == "100 %" {
		return ""
	}
	return "offset by " + compare.Signed(whole-part) + " elsewhere"
}

// significant reports whether any test found a difference.
func (c *Comparison) significant(q float64) bool {
	if c.Duration.LeastQ() < q || c.Errors.Q < q || c.ShapeTest.Q < q || len(c.Shapes) > 0 || len(c.Paces) > 0 || len(c.Attributes) > 0 ||
		len(c.Culprits) > 0 {
		return true
	}
	for i := range c.Calls {
		if c.Calls[i].LeastQ() < q {
			return true
		}
	}
	return false
}

// same reports whether both sides are alike in every number.
func (c *Comparison) same() bool {
	if len(c.Contributions) > 0 || c.Of[0].P50 != c.Of[1].P50 || c.Of[0].P99 != c.Of[1].P99 || c.Of[0].ErrorRate != c.Of[1].ErrorRate {
		return false
	}
	for i := range c.Calls {
		n := &c.Calls[i]
		for _, m := range [...]*Measure{&n.Self, &n.Gap, &n.Critical, &n.Counts} {
			if m.P50[0] != m.P50[1] || m.Mean[0] != m.Mean[1] {
				return false
			}
		}
		if n.Errors.Share(0) != n.Errors.Share(1) {
			return false
		}
	}
	return true
}
