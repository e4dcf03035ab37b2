package app

import (
	"context"

	"github.com/spf13/cobra"
)

// queryFlags are what `query` is asked for.
type queryFlags struct {
	format  format
	width   int
	explain bool
}

func newQuery(opt *options) *cobra.Command {
	f := &queryFlags{format: formatText}
	cmd := &cobra.Command{
		Use:   "query QUERY INPUT…",
		Short: "List the traces that match a query; \"\" lists all",
		Args: func(cmd *cobra.Command, args []string) error {
			if f.explain && len(args) == 1 {
				return nil
			}
			return needInputs(1, "query QUERY INPUT…")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.explain {
				return explainQuery(opt.world.Stdout, args[0])
			}
			return f.run(cmd.Context(), opt, args[0], args[1:])
		},
	}
	flags := cmd.Flags()
	addFormat(cmd, &f.format, "print as text, markdown or json", formatText, formatMarkdown, formatJSON)
	flags.IntVar(&f.width, "width", 0, "fit text into `N` columns instead of the terminal's")
	flags.BoolVar(&f.explain, "explain", false, "print what the query means instead of running it")
	return cmd
}

func (f *queryFlags) run(ctx context.Context, o *options, text string, inputs []string) error {
	if err := checkQuery(text); err != nil {
		return err // before reading what may be large
	}
	result, failed := o.world.open(ctx, inputs)
	if result == nil {
		return failed
	}
	defer closeQuietly(result.Set)
	found, err := runQuery(ctx, o.analyse(ctx, result.Set), text)
	if err != nil {
		return err
	}
	switch err := printAnswer(newPrinter(&o.Settings, f.format, f.width, masking{}), result.Set, found); {
	case err != nil:
		return err
	case failed != nil:
		return failed
	case found.traces == 0:
		return errNoMatch
	}
	return nil
}
