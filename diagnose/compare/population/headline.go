package population

import (
	"fmt"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/units"
)

// emptyHeadline says why there is nothing to compare.
func emptyHeadline(good, bad []*facts.Facts, c *Comparison) string {
	switch {
	case len(good) == 0 && len(bad) == 0:
		return "both sets are empty: there is nothing to compare"
	case len(good) == 0:
		return fmt.Sprintf("the good set is empty: nothing to compare the %s of the bad one with", compare.Plural(len(bad), "trace"))
	case len(bad) == 0:
		return fmt.Sprintf("the bad set is empty: nothing to compare the %s of the good one with", compare.Plural(len(good), "trace"))
	}
	return fmt.Sprintf("no entry operation is in both sets: %s of the good one, for example, and %s of the bad one",
		entryName(c.LeftOut, compare.Missing), entryName(c.LeftOut, compare.Added))
}

func entryName(list []LeftOut, side compare.Presence) string {
	for _, l := range list {
		if l.Side == side {
			return fmt.Sprintf("%s %s", l.Op.Service, l.Op.Label())
		}
	}
	return "none"
}

// MeanDiffers reports whether the difference of the means is more than the traces that happen to be there explain, and
// worth telling. Ranks may not show it where a few traces are very slow.
func (c *Comparison) MeanDiffers() bool {
	return (c.DeltaRange[0] > 0 || c.DeltaRange[1] < 0) && 2*compare.Abs(c.Delta) > min(c.Of[0].Mean, c.Of[1].Mean)
}

// headline says in one line what the comparison found, and how far that is certain.
func (c *Comparison) headline(q float64) string {
	counts := fmt.Sprintf("%d good and %s", len(c.Good), compare.Plural(len(c.Bad), "bad trace"))
	n := 0
	for _, l := range c.LeftOut {
		n += l.N
	}
	if n > 0 {
		counts += fmt.Sprintf(" (%d left out: their entry operation is on one side only)", n)
	}
	found := c.significant(q)
	switch {
	case c.same():
		return fmt.Sprintf("no difference: %s took the same time, made the same calls and ended alike", counts)
	case c.Descriptive:
		return fmt.Sprintf("%s: too few to test (%d a side are needed), so this only describes them; mean %s%s", counts, fewTraces, signed(c.Delta), c.most())
	case !found && c.MeanDiffers():
		return fmt.Sprintf("%s: mean %s (95 %% between %s and %s)%s; no test finds what is different: a few slow traces may make all of it",
			counts, signed(c.Delta), signed(c.DeltaRange[0]), signed(c.DeltaRange[1]), c.most())
	case !found:
		return fmt.Sprintf("no difference beyond chance between %s; mean %s (95 %% between %s and %s)", counts, signed(c.Delta), signed(c.DeltaRange[0]), signed(c.DeltaRange[1]))
	}
	text := counts + ": "
	if c.Errors.Q < q {
		text += fmt.Sprintf("%.0f %% → %.0f %% failed; ", 100*c.Of[0].ErrorRate, 100*c.Of[1].ErrorRate)
	}
	text += fmt.Sprintf("p50 %s → %s, mean %s (95 %% between %s and %s)", units.Lasted(c.Of[0].P50), units.Lasted(c.Of[1].P50),
		signed(c.Delta), signed(c.DeltaRange[0]), signed(c.DeltaRange[1]))
	if len(c.Shapes) == 0 && c.ShapeTest.Q < q {
		text += fmt.Sprintf("; the shares of the %d ways that traces went differ", c.ShapeTest.Ways)
	}
	if len(c.Culprits) > 0 {
		return fmt.Sprintf("%s; it points to %s: %s", text, c.Culprits[0].Service, c.Culprits[0].Message)
	}
	return text + c.most()
}

// most names the largest part of the difference, where there is one to speak of.
func (c *Comparison) most() string {
	part := c.largest()
	if part == nil {
		return ""
	}
	which := "most"
	if 2*compare.Abs(part.Delta) < compare.Abs(c.Delta) {
		which = "the largest part"
	}
	return fmt.Sprintf("; %s of it in %s: %s (%s)", which, c.PartName(*part), part.Message, signed(part.Delta))
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
