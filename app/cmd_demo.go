package app

import (
	"context"

	"github.com/spf13/cobra"
)

func newDemo(opt *options) *cobra.Command {
	list, format := false, formatText
	cmd := &cobra.Command{
		Use:   "demo [NAME]",
		Short: "Open the built-in incidents, or one of them",
		Long: "demo opens the built-in incidents in the explorer; with the name of one, that incident alone, with its story.\n" +
			"Without a terminal it lists them.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, terminal := fd(opt.world.Stdout)
			switch {
			case list, len(args) == 0 && (!terminal || cmd.Flags().Changed("format")):
				all, err := incidents(opt.world.Demo)
				if err != nil {
					return err
				}
				return printIncidents(newPrinter(&opt.Settings, format, 0, masking{}), all)
			case len(args) == 0:
				return opt.explore(cmd.Context(), nil)
			}
			return opt.demo(cmd.Context(), args[0])
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			all, err := incidents(opt.world.Demo)
			if err != nil || len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, one := range all {
				names = append(names, one.Name+"\t"+one.Title)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&list, "list", false, "list the incidents")
	addFormat(cmd, &format, "list them as text, markdown or json", formatText, formatMarkdown, formatJSON)
	opt.exploring(flags)
	return cmd
}

// demo opens one incident: the trace where there is one bad trace only, else all of its traces.
func (o *options) demo(ctx context.Context, name string) error {
	one, err := findIncident(o.world.Demo, name)
	if err != nil {
		return err
	}
	o.incident = one
	o.world.Demo = one.only(o.world.Demo)
	if ids := traceIDs(one.Bad); len(ids) == 1 && o.trace == "" && o.view == "" && one.Paste == "" {
		o.trace = ids[0].String()
	}
	return o.explore(ctx, nil)
}
