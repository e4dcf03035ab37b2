package app

import (
	"context"

	"github.com/spf13/cobra"

	"tracefall/views/draw"
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
				return opt.listIncidents(format)
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
	o.world.Demo = incidentFiles{o.world.Demo, one.Files}
	if ids := traceIDs(one.Bad); len(ids) == 1 && o.trace == "" && o.view == "" && one.Paste == "" {
		o.trace = ids[0].String()
	}
	return o.explore(ctx, nil)
}

// printStory prints the story of an incident above what the detectors say of it.
func (o *options) printStory() {
	if o.incident == nil {
		return
	}
	p := newPrinter(&o.Settings, formatText, 0, masking{})
	p.paragraph(0, 0, "", o.incident.Title, o.look.Strong)
	for _, line := range o.incident.Story {
		p.paragraph(0, 0, "", line, draw.Ink{})
	}
	p.text("")
}

// incidentsJSON is what `demo --list` prints. Field names and their order are stable.
type incidentsJSON struct {
	Version   int            `json:"version"`
	Incidents []incidentJSON `json:"incidents"`
}

type incidentJSON struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Story    []string `json:"story"`
	Detector string   `json:"detector"`
	Also     []string `json:"also"`
}

// listIncidents prints the incidents of the demo: what happened, and which detector finds it.
func (o *options) listIncidents(as format) error {
	all, err := incidents(o.world.Demo)
	if err != nil {
		return err
	}
	p := newPrinter(&o.Settings, as, 0, masking{})
	if as == formatJSON {
		doc := incidentsJSON{Version: schemaVersion}
		for _, one := range all {
			doc.Incidents = append(doc.Incidents, incidentJSON{one.Name, one.Title, listed(one.Story), one.Detector, listed(one.Also)})
		}
		return p.json(doc)
	}
	p.table([]string{"NAME", "FOUND", "WHAT HAPPENED"}, make([]bool, 3), func(row func(...string)) {
		for _, one := range all {
			row(one.Name, one.found(), one.Title)
		}
	})
	if as == formatText {
		p.text("")
		p.text("tracefall demo NAME opens one, tracefall demo all of them")
	}
	return p.err
}

// found names the detector that finds the incident.
func (one *incident) found() string {
	if one.Detector == "" {
		return "by its id: paste the line"
	}
	return one.Detector
}
