package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// summaryTraces is how many traces a summary lists, the slowest ones.
const summaryTraces = 20

// summarise prints what the explorer would open: for a pipe, or a terminal that cannot show it.
func (o *options) summarise(ctx context.Context, inputs []string) error {
	result, failed := o.world.open(ctx, inputs)
	if result == nil {
		return failed
	}
	set := result.Set
	defer closeQuietly(set)
	p := newPrinter(o.world, o.look, 0)
	traces, errors := make([]*trace.Trace, set.Len()), 0
	for i := range traces {
		traces[i] = set.Trace(i)
		errors += traces[i].Errors()
	}
	from, to := set.Bounds()
	p.text(fmt.Sprintf("%s · %s · %s · %s", count(set.Len(), "trace", "traces"), count(set.SpanCount(), "span", "spans"),
		count(errors, "error", "errors"), o.clockFor(from).Range(from, to)))
	p.text("")
	slices.SortStableFunc(traces, func(a, b *trace.Trace) int { return cmp.Compare(b.Duration(), a.Duration()) })
	more := max(len(traces)-summaryTraces, 0)
	o.traceTable(p, set, traces[:len(traces)-more], false)
	if more > 0 {
		p.text(fmt.Sprintf("the %d slowest; %s more", summaryTraces, draw.Count(more)))
	}
	p.notices(set.Notices())
	if p.err != nil {
		return p.err
	}
	return failed
}

// notices prints a line each.
func (p *printer) notices(notices []trace.Notice) {
	for _, n := range notices {
		p.text(p.theme.Glyphs.Warning + " " + n.String())
	}
}
