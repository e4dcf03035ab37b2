package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tracefall/app"
	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/app/terminal"
)

// explore opens the explorer, or prints what is wrong where there is no terminal for it.
func (o *options) explore(ctx context.Context, inputs []string) error {
	if err := session.CheckQuery(o.Where); err != nil {
		return err
	}
	if !slices.Contains([]string{"", "list", "waterfall", "flame", "statistics", "map", "spans", "findings", "diagnostics"}, o.View) {
		return fmt.Errorf("unknown view %q: expected list, waterfall, flame, statistics, map, spans, findings or diagnostics", o.View)
	}
	var err error
	if o.Look, err = session.ParseLook(o.draw, o.zoom); err != nil {
		return err
	}
	if o.By != "" && o.View == "" {
		o.View = "statistics"
	}
	if o.By != "" && o.View != "statistics" {
		return fmt.Errorf("--by cannot be combined with --view %s: it groups the statistics", o.View)
	}
	if o.Compare != "" && o.Trace == "" {
		return errors.New("--compare needs --trace ID, the bad trace")
	}
	_, terminal := terminal.FD(o.World.Stdout)
	switch term := o.World.Env("TERM"); {
	case !terminal && o.Incident != nil:
		report.PrintStory(report.NewPrinter(&o.Settings, report.Text, 0, session.Masking{}), o.Incident)
	case !terminal:
	case term == "dumb" || term == "":
		session.Complain(o.World.Stderr, fmt.Errorf("terminal type %q cannot show the explorer: printing tracefall diagnose instead", term))
	default:
		return app.Explore(ctx, &o.Options, inputs)
	}
	return (&diagnoseFlags{format: report.Text, where: o.Where, trace: o.Trace}).run(ctx, o, inputs)
}
