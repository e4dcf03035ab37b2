package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tracefall/app/report"
	"tracefall/app/session"
)

// queryFlags are what `query` is asked for.
type queryFlags struct {
	format  report.Format
	width   int
	explain bool
}

func newQuery(opt *options) *cobra.Command {
	f := &queryFlags{format: report.Text}
	cmd := &cobra.Command{
		Use:   "query QUERY INPUT…",
		Short: "List the traces that match a query",
		Long: "List the traces that match a query; \"\" lists all. Several terms must match the\n" +
			"same span: NOT, OR and parentheses combine them, { } is TraceQL. In the explorer\n" +
			"f1 shows the whole language. Exit status 1 if no trace matches.",
		Example: "  tracefall query 'duration>1s error=true' traces.json\n" +
			"  tracefall query 'service=cart OR http.status_code>=500' traces/\n" +
			"  tracefall query '{ status = error } | count() > 2' traces.json\n" +
			"  tracefall query 'error=true' --jaeger http://127.0.0.1:16686 --since 6h\n" +
			"  tracefall query --explain 'k8s.pod.name=~\"^pay\"'",
		Args: func(cmd *cobra.Command, args []string) error {
			if f.explain && len(args) == 1 {
				return nil
			}
			return opt.needInputs(1, "query QUERY INPUT…")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.explain {
				return f.explained(opt, args[0])
			}
			return f.run(cmd.Context(), opt, args[0], args[1:])
		},
	}
	flags := cmd.Flags()
	opt.listing(cmd)
	addFormat(cmd, &f.format, "output format: text, markdown or json", report.Text, report.Markdown, report.JSON)
	addWidth(cmd, &f.width)
	flags.BoolVar(&f.explain, "explain", false, "explain the query without running it")
	return cmd
}

// explained prints what a query means, or what of it the backend that is named is asked.
func (f *queryFlags) explained(o *options, text string) error {
	if !o.Backends.Named {
		return session.ExplainQuery(o.World.Stdout, text)
	}
	return o.Backends.Explain(o.World.Stdout, text, o.Backends.Main)
}

func (f *queryFlags) run(ctx context.Context, o *options, text string, inputs []string) error {
	if err := session.CheckQuery(text); err != nil {
		return err // before reading what may be large
	}
	inputs, text, err := o.inputs(inputs, text)
	if err != nil {
		return err
	}
	result, failed := o.OpenListed(ctx, inputs, text)
	if result == nil {
		return failed
	}
	defer session.CloseQuietly(result.Set)
	found, err := session.RunQuery(ctx, o.Analyse(ctx, result.Set), text, nil)
	if err != nil {
		return err
	}
	switch err := report.PrintAnswer(report.NewPrinter(&o.Settings, f.format, f.width, session.Masking{}), result.Set, found); {
	case err != nil:
		return err
	case failed != nil:
		return failed
	case found.Traces == 0 && len(session.NotRead(o.Answered)) == 0:
		return errNoMatch
	}
	return nil
}
