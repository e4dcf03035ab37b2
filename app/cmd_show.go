package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"tracefall/diagnose/clocks"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/waterfall"
)

// showFlags are what `show` is asked for.
type showFlags struct {
	format     format
	trace      string
	where      string
	depth      int
	width      int
	attributes bool
	mask       masking
}

func newShow(opt *options) *cobra.Command {
	f := &showFlags{format: formatText}
	cmd := &cobra.Command{
		Use:   "show INPUT…",
		Short: "Print the waterfall of a trace",
		Args:  needInputs(0, "show INPUT…"),
		RunE:  func(cmd *cobra.Command, args []string) error { return opt.show(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	flags.Var(&f.format, "format", "print as text, markdown or json, one document a trace")
	flags.StringVar(&f.trace, "trace", "", "only the trace with this `ID`; any text that contains it will do")
	flags.StringVar(&f.where, "where", "", "only the spans that match a `QUERY`, with their ancestors")
	flags.IntVar(&f.depth, "depth", -1, "only spans with at most `N` ancestors")
	flags.IntVar(&f.width, "width", 0, "fit text into `N` columns instead of the terminal's")
	flags.BoolVar(&f.attributes, "attributes", false, "with attributes, resource, scope, events and links; for JSON")
	flags.BoolVar(&f.mask.reveal, "reveal", false, "show secrets instead of masking them")
	return cmd
}

func (o *options) show(ctx context.Context, inputs []string, f *showFlags) error {
	if err := checkQuery(f.where); err != nil {
		return err // before reading what may be large
	}
	if f.attributes && f.format != formatJSON {
		return errors.New("show --attributes needs --format json")
	}
	result, failed := o.world.open(ctx, inputs)
	if result == nil {
		return failed
	}
	defer closeQuietly(result.Set)
	chosen, err := o.choose(ctx, result.Set, f.trace, f.where)
	if err != nil {
		return err
	}
	depth := f.depth
	if depth < 0 {
		depth = math.MaxInt
	}
	var hostClocks *clocks.Clocks
	if f.format == formatJSON {
		hostClocks = clocks.New(result.Set)
	}
	p := newPrinter(o.world, o.look, f.width)
	for i, c := range chosen {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if f.format == formatJSON {
			if err := printJSON(o.world.Stdout, showJSON(c.trace, hostClocks, c.withAncestors(), depth, f.attributes, f.mask)); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			p.text("")
		}
		o.showText(p, c, depth, f)
		if p.err != nil {
			return p.err
		}
	}
	return failed
}

// choice is a trace to print, and of its spans those that a query matched; nil for no query.
type choice struct {
	trace   *trace.Trace
	matches []bool
}

// withAncestors returns which spans to keep: the matches and all above them; nil for all.
func (c choice) withAncestors() []bool {
	if c.matches == nil {
		return nil
	}
	keep := slices.Clone(c.matches)
	for i := len(keep) - 1; i > 0; i-- {
		if p := c.trace.Parent(i); keep[i] && p >= 0 {
			keep[p] = true
		}
	}
	return keep
}

// choose returns the traces that an id and a query leave.
func (o *options) choose(ctx context.Context, set *trace.Set, id, where string) ([]choice, error) {
	traces := make([]*trace.Trace, 0, set.Len())
	if id != "" {
		t, _, err := findTrace(set, id)
		if err != nil {
			return nil, err
		}
		traces = append(traces, t)
	} else {
		for i := range set.Len() {
			traces = append(traces, set.Trace(i))
		}
	}
	if where == "" {
		out := make([]choice, len(traces))
		for i, t := range traces {
			out[i].trace = t
		}
		return out, nil
	}
	found, err := runQuery(ctx, o.analyse(ctx, set), where)
	if err != nil {
		return nil, err
	}
	var out []choice
	for _, t := range traces {
		spans, ok := found.in(t)
		if !ok {
			continue
		}
		matches := make([]bool, t.Len())
		for _, k := range spans {
			matches[k] = true
		}
		out = append(out, choice{t, matches})
	}
	if out == nil {
		complain(o.world.Stderr, fmt.Errorf("no span of %s matches", count(len(traces), "trace", "traces")))
		for _, note := range found.notes {
			complain(o.world.Stderr, errors.New(note))
		}
		return nil, errNoMatch
	}
	return out, nil
}

// showText prints a waterfall as the screen draws it, without a cursor.
func (o *options) showText(p *printer, c choice, depth int, f *showFlags) {
	if f.format == formatMarkdown {
		p.fence()
		defer p.fence()
	}
	w := waterfall.New()
	w.SetTrace(c.trace)
	if c.matches != nil {
		w.SetMatches(c.matches, true)
	}
	if depth < math.MaxInt {
		w.FoldBelow(depth)
	}
	env := &views.Env{Theme: p.theme, Clock: o.clockFor(c.trace.Start())}
	_ = w.Print(p.width, env, p.lines) // kept in p.err
}

// clockFor returns how times are shown; relative ones count from zero.
func (o *options) clockFor(zero int64) views.Clock {
	return views.Clock{Mode: o.clock, Zone: localZone(), Zero: zero}
}

// closeQuietly releases what was printed already: nothing is lost when that fails.
func closeQuietly(c io.Closer) { _ = c.Close() }
