package app

import (
	"fmt"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// printPair prints the comparison of two traces. They differ where something changed beyond the noise of two runs.
func (o *options) printPair(c *compare.Comparison, d *division, f *diffFlags) (bool, error) {
	differs := len(c.Changes) > 0
	if f.format == formatJSON {
		return differs, printJSON(o.world.Stdout, newPairJSON(c, d, f.mask))
	}
	p := newPrinter(o.world, o.look, f.width)
	s := sectioned{p: p, markdown: f.format == formatMarkdown, mask: f.mask}
	s.head(whatIsCompared(c))
	s.sides(3, []string{"DURATION", "SPANS", "ERRORS", "START", "TRACE"}, func(side int) []string {
		t := []*trace.Trace{c.Good.Trace, c.Bad.Trace}[side]
		return []string{draw.Duration(t.Duration()), draw.Count(t.SpanCount()), draw.Count(t.Errors()),
			o.clockFor(t.Start()).DateTime(t.Start()), t.ID().String()}
	})
	for _, note := range d.notes {
		s.plain(note)
	}
	s.plain(c.Headline)
	if v := c.Divergence; v != nil && !strings.Contains(c.Headline, v.Message) {
		s.plain("First difference: " + v.Message)
	}
	for _, doubt := range doubts(c) {
		s.plain(doubt)
	}
	s.pairContributions(c)
	s.pairChanges(c)
	s.notes(d)
	return differs, p.err
}

// whatIsCompared names the operation of both traces, or of each.
func whatIsCompared(c *compare.Comparison) string {
	name := func(t *trace.Trace) string { return strings.TrimSpace(t.Root().Service() + " " + t.Root().Name()) }
	good, bad := name(c.Good.Trace), name(c.Bad.Trace)
	if good == bad {
		return good
	}
	return good + " ⇄ " + bad
}

// doubts says how far the comparison can be relied on.
func doubts(c *compare.Comparison) []string {
	var list []string
	if c.Trust.Unrelated {
		list = append(list, "these traces are different operations")
	}
	for side, name := range []string{"good", "bad"} {
		if c.Trust.Incomplete[side] {
			list = append(list, "the "+name+" trace may be incomplete: what is missing in it may be missing in the export only")
		}
	}
	if c.Trust.MatchedShare < 1 {
		list = append(list, fmt.Sprintf("%s of the spans have a counterpart", share(c.Trust.MatchedShare)))
	}
	return list
}

func (s sectioned) pairContributions(c *compare.Comparison) {
	if len(c.Contributions) == 0 {
		return
	}
	s.title("What makes the difference of " + draw.DurationSigned(c.Delta))
	rest := c.Delta
	for n, part := range c.Contributions {
		if n == mostContributions {
			s.item(contributionWidth, draw.DurationSigned(rest), count(len(c.Contributions)-n, "other part", "other parts"))
			return
		}
		rest -= part.Delta
		op := c.Nodes[part.Node].Op
		s.item(contributionWidth, draw.DurationSigned(part.Delta), strings.TrimSpace(op.Service+" "+op.Label())+": "+part.Message)
	}
}

// mostChanges is how many differences are printed where there are more.
const mostChanges = 30

func (s sectioned) pairChanges(c *compare.Comparison) {
	if len(c.Changes) == 0 {
		return
	}
	s.title("What differs")
	for n, change := range c.Changes {
		if n == mostChanges {
			s.item(contributionWidth, "", count(len(c.Changes)-n, "more difference", "more differences")+": --format json lists all")
			return
		}
		op := c.Nodes[change.Node].Op
		text := strings.TrimSpace(op.Service + " " + op.Label())
		if change.Detail != change.Kind.String() {
			text += ": " + change.Detail
		}
		s.item(contributionWidth, change.Kind.String(), text)
	}
}
