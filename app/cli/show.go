package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// showFlags are what `show` is asked for.
type showFlags struct {
	format     report.Format
	trace      string
	where      string
	depth      int
	width      int
	attributes bool
	mask       session.Masking
}

func newShow(opt *options) *cobra.Command {
	f := &showFlags{format: report.Text, depth: math.MaxInt}
	cmd := &cobra.Command{
		Use:   "show INPUT…",
		Short: "Print traces as waterfalls",
		Long: "Print the waterfall of each trace, or of those that --trace and --where name.\n" +
			"Exit status 1 if no span matches --where.",
		Example: "  tracefall show traces.json --trace f8e7fb9171354c534b099d4c28daf819\n" +
			"  tracefall show traces.json --where 'error=true' --depth 3\n" +
			"  tracefall show traces.json --format json --attributes",
		Args: opt.needInputs(0, "show INPUT…"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), opt, args) },
	}
	flags := cmd.Flags()
	addFormat(cmd, &f.format, "output format: text, markdown or json (one document per trace)", report.Text, report.Markdown, report.JSON)
	flags.StringVar(&f.trace, "trace", "", "only the trace `ID` (or any text containing the id)")
	flags.StringVar(&f.where, "where", "", "only spans that match `QUERY`, with their ancestors")
	flags.Func("depth", "only spans up to depth `N` (the root is 0)", func(text string) (err error) {
		f.depth, err = strconv.Atoi(text)
		if err != nil || f.depth < 0 {
			return errors.New("expected a depth: 0 for the root, 1 for its children, …")
		}
		return nil
	})
	addWidth(cmd, &f.width)
	flags.BoolVar(&f.attributes, "attributes", false, "include attributes, resource, scope, events and links (JSON only)")
	flags.BoolVar(&f.mask.Reveal, "reveal", false, "show secrets instead of masking them")
	return cmd
}

func (f *showFlags) run(ctx context.Context, o *options, inputs []string) error {
	inputs, where, err := o.inputs(inputs, f.where)
	if err != nil {
		return err
	}
	inputs = o.Backends.OfTrace(inputs, f.trace)
	f.where = where
	if err := session.CheckQuery(f.where); err != nil {
		return err // before reading what may be large
	}
	if f.attributes && f.format != report.JSON {
		return errors.New("show --attributes needs --format json")
	}
	result, failed := o.Open(ctx, inputs, f.where)
	if result == nil {
		return failed
	}
	defer session.CloseQuietly(result.Set)
	chosen, err := o.choose(ctx, result.Set, f.trace, f.where)
	if err != nil {
		return err
	}
	p := report.NewPrinter(&o.Settings, f.format, f.width, f.mask)
	show := &report.TraceOptions{Depth: f.depth, Attributes: f.attributes}
	if f.format == report.JSON {
		show.Clocks = clocks.New(result.Set)
	} else {
		show.Ops = facts.NewOps(result.Set)
	}
	for i, c := range chosen {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if i > 0 && f.format != report.JSON {
			p.Text("")
		}
		if err := report.PrintTrace(p, c, show); err != nil {
			return err
		}
	}
	return failed
}

// choose returns the traces that an id and a query leave.
func (o *options) choose(ctx context.Context, set *trace.Set, id, where string) ([]report.Choice, error) {
	traces := session.Traces(set)
	if id != "" {
		t, _, err := session.FindTrace(set, id)
		if err != nil {
			return nil, err
		}
		traces = []*trace.Trace{t}
	}
	found, err := session.RunQuery(ctx, o.Analyse(ctx, set), where, nil)
	if err != nil {
		return nil, err
	}
	var out []report.Choice
	for _, t := range traces {
		spans, ok := found.In(t)
		if !ok {
			continue
		}
		c := report.Choice{Trace: t}
		if !found.All {
			c.Matches = make([]bool, t.Len())
			for _, k := range spans {
				c.Matches[k] = true
			}
		}
		out = append(out, c)
	}
	if out == nil && !found.All {
		session.Complain(o.World.Stderr, fmt.Errorf("no span of %s matches", draw.CountNoun(len(traces), "trace", "traces")))
		for _, note := range found.Notes {
			session.Complain(o.World.Stderr, errors.New(note))
		}
		return nil, errNoMatch
	}
	return out, nil
}
