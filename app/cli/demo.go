package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/app/terminal"
)

func newDemo(opt *options) *cobra.Command {
	list, format := false, report.Text
	cmd := &cobra.Command{
		Use:   "demo [NAME]",
		Short: "Open the built-in demo scenarios",
		Long: "Open all demo scenarios in the explorer, or only the scenario NAME with its\n" +
			"description. Without a terminal: list them.",
		Example: "  tracefall demo\n" +
			"  tracefall demo --list\n" +
			"  tracefall demo retry-storm",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, terminal := terminal.FD(opt.World.Stdout)
			switch {
			case list, len(args) == 0 && (!terminal || cmd.Flags().Changed("format")):
				all, err := session.Incidents(opt.World.Demo)
				if err != nil {
					return err
				}
				return report.PrintIncidents(report.NewPrinter(&opt.Settings, format, 0, session.Masking{}), all)
			case len(args) == 0:
				return opt.explore(cmd.Context(), nil)
			}
			return opt.demo(cmd.Context(), args[0])
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			all, err := session.Incidents(opt.World.Demo)
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
	flags.BoolVar(&list, "list", false, "list the demo scenarios")
	addFormat(cmd, &format, "list format: text, markdown or json", report.Text, report.Markdown, report.JSON)
	opt.exploring(cmd)
	return cmd
}

// demo opens one incident: the trace where there is one bad trace only, else all of its traces.
func (o *options) demo(ctx context.Context, name string) error {
	one, err := session.FindIncident(o.World.Demo, name)
	if err != nil {
		return err
	}
	o.Incident = one
	o.World.Demo = one.Only(o.World.Demo)
	if ids := session.TraceIDs(one.Bad); len(ids) == 1 && o.Trace == "" && o.View == "" && one.Paste == "" {
		o.Trace = ids[0].String()
	}
	return o.explore(ctx, nil)
}
