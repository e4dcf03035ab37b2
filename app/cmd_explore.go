package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// explore opens the explorer, or prints what is wrong where there is no terminal for it.
func (o *options) explore(ctx context.Context, inputs []string) error {
	if err := checkQuery(o.where); err != nil {
		return err
	}
	if !slices.Contains([]string{"", "list", "waterfall", "findings", "statistics", "diagnostics"}, o.view) {
		return fmt.Errorf("unknown view %q: expected list, waterfall, findings, statistics or diagnostics", o.view)
	}
	var err error
	if o.shown, err = lookFlags(o.draw, o.zoom); err != nil {
		return err
	}
	if o.by != "" && o.view == "" {
		o.view = "statistics"
	}
	if o.by != "" && o.view != "statistics" {
		return fmt.Errorf("--by KEY groups statistics; it does not go with --view %s", o.view)
	}
	if o.compare != "" && o.trace == "" {
		return errors.New("--compare ID needs the trace to compare: --trace ID")
	}
	if _, terminal := fd(o.world.Stdout); !terminal {
		if o.incident != nil {
			printStory(newPrinter(&o.Settings, formatText, 0, masking{}), o.incident)
		}
		return (&diagnoseFlags{format: formatText, where: o.where, trace: o.trace}).run(ctx, o, inputs)
	}
	if term := o.world.Env("TERM"); term == "dumb" || term == "" {
		complain(o.world.Stderr, fmt.Errorf("a terminal of type %q cannot show the explorer; this is what diagnose prints", term))
		return (&diagnoseFlags{format: formatText, where: o.where, trace: o.trace}).run(ctx, o, inputs)
	}
	return Explore(ctx, &o.Options, inputs)
}
