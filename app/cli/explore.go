package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tracefall/app"
	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/app/terminal"
)

// viewNames lists what --view opens: the screens and the tabs, by the names of their commands.
const viewNames = "list, waterfall, flame, statistics, map, spans, logs, findings, diagnostics"

// explore opens the explorer, or prints what is wrong where there is no terminal for it.
func (o *options) explore(ctx context.Context, inputs []string) error {
	inputs, where, err := o.Backends.Inputs(inputs, o.Where, false)
	if err != nil {
		return err
	}
	o.Where = where
	if asked, err := o.Backends.Requests(inputs, where); err == nil && o.Watch && len(asked) == 0 {
		return errors.New("--watch: for backends only, and no input is one: add --backend, --jaeger, --tempo or --url")
	}
	if o.Watch && !o.Backends.Scope.To.IsZero() {
		return errors.New("--watch cannot be combined with --to: it asks for what is new")
	}
	if err := session.CheckQuery(o.Where); err != nil {
		return err
	}
	known := strings.Split(viewNames, ", ")
	if o.View != "" && !slices.Contains(known, o.View) {
		last := len(known) - 1
		return fmt.Errorf("unknown view %q: expected %s or %s", o.View, strings.Join(known[:last], ", "), known[last])
	}
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
	return (&diagnoseFlags{format: report.Text, where: o.Where, trace: o.Trace}).diagnose(ctx, o, inputs)
}
