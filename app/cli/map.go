package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/servicemap"
	"tracefall/sources/trace"
)

// mapFlags are what `map` is asked for.
type mapFlags struct {
	format report.Format
	where  string
	width  int
}

func newMap(opt *options) *cobra.Command {
	f := &mapFlags{format: report.Text}
	cmd := &cobra.Command{
		Use:   "map INPUT…",
		Short: "Print the service map: who calls whom",
		Long: "Print services and what they call (databases, caches, queues, external hosts),\n" +
			"with rate, error share and latency of each node and edge, and the number of\n" +
			"failures that began there. An edge without calls is known only from an error\n" +
			"message that names it. As text the map is drawn where it fits the width, with\n" +
			"the edges below.\n" +
			"Exit status 1 if no trace matches --where.",
		Example: "  tracefall map traces.json\n" +
			"  tracefall map --where 'error=true' traces.json\n" +
			"  tracefall map --format dot traces.json | dot -Tsvg > map.svg",
		Args: opt.needInputs(0, "map INPUT…"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), opt, args) },
	}
	flags := cmd.Flags()
	addFormat(cmd, &f.format, "output format: text, mermaid, dot or json", report.Text, report.Mermaid, report.DOT, report.JSON)
	flags.StringVar(&f.where, "where", "", "only traces that match `QUERY`")
	addWidth(cmd, &f.width)
	return cmd
}

func (f *mapFlags) run(ctx context.Context, o *options, inputs []string) error {
	inputs, where, err := o.inputs(inputs, f.where)
	if err != nil {
		return err
	}
	f.where = where
	if err := session.CheckQuery(f.where); err != nil {
		return err // before reading what may be large
	}
	result, failed := o.Open(ctx, inputs, f.where)
	if result == nil {
		return failed
	}
	defer session.CloseQuietly(result.Set)
	found, err := session.RunQuery(ctx, o.Analyse(ctx, result.Set), f.where, nil)
	if err != nil {
		return err
	}
	graph, err := callsOf(ctx, result.Set, found.Listed())
	if err != nil {
		return err
	}
	remarks := report.Remarks{Notes: found.Notes, Notices: result.Set.Notices()}
	switch err := report.PrintMap(report.NewPrinter(&o.Settings, f.format, f.width, session.Masking{}), servicemap.New(graph), remarks); {
	case err != nil:
		return err
	case failed != nil:
		return failed
	case found.Traces == 0 && f.where != "":
		return errNoMatch
	}
	return nil
}

// callsOf counts the calls of traces. Their facts are dropped as soon as they are counted.
func callsOf(ctx context.Context, set *trace.Set, traces []*trace.Trace) (*servicemap.Graph, error) {
	ops := facts.NewOps(set)
	graph := servicemap.Count(func(yield func(facts.Portion) bool) {
		for _, t := range traces {
			if ctx.Err() != nil || !yield(facts.Portion{Facts: facts.New(t, ops)}) {
				return
			}
		}
	})
	return graph, ctx.Err()
}
