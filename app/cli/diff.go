package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
)

// diffFlags are what `diff` is asked for.
type diffFlags struct {
	format    report.Format
	good, bad string
	split     string
	width     int
	printed   bool // how to print was said, so it is printed
	mask      session.Masking
}

func newDiff(opt *options) *cobra.Command {
	f := &diffFlags{format: report.Text}
	cmd := &cobra.Command{
		Use:   "diff GOOD BAD",
		Short: "Explain the difference between two traces or sets",
		Long: "Compare a baseline (GOOD) with a bad trace (BAD); each is an INPUT or, for one\n" +
			"trace of a file, FILE#TRACEID. If one side has several traces and no id, one is\n" +
			"picked and named; if both have several, the two sets are compared. With --good,\n" +
			"--bad or --split all inputs are read together and their traces divided.\n\n" +
			"In a terminal the comparison opens as a screen; --format text prints it.\n" +
			"Exit status 1 if the sides differ.",
		Example: "  tracefall diff good.json bad.json\n" +
			"  tracefall diff good.json incident.json#f8e7fb9171354c534b099d4c28daf819\n" +
			"  tracefall diff --bad 'root.service=gw error=true' all.jsonl\n" +
			"  tracefall diff --split 14:05:00 all.jsonl",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.divides():
				return opt.needInputs(0, "diff --good QUERY --bad QUERY INPUT…")(cmd, args)
			case len(args) != 2:
				return fmt.Errorf("diff needs a baseline and a bad input, got %d: tracefall diff GOOD BAD, or use --good, --bad or --split", len(args))
			case args[0] == "-" && args[1] == "-":
				return errors.New("diff can read only one side from standard input")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.printed = cmd.Flags().Changed("format") || cmd.Flags().Changed("width")
			return f.run(cmd.Context(), opt, args)
		},
	}
	flags := cmd.Flags()
	addFormat(cmd, &f.format, "output format: text, markdown or json", report.Text, report.Markdown, report.JSON)
	flags.StringVar(&f.good, "good", "", "baseline: traces that match `QUERY` (default: all that are not bad)")
	flags.StringVar(&f.bad, "bad", "", "bad: traces that match `QUERY` (default: all that are not good)")
	flags.StringVar(&f.split, "split", "", "split the traces `BY` errors, slowest, or a time (14:05:00, 2026-11-20T14:05:00Z)")
	flags.BoolVar(&f.mask.Reveal, "reveal", false, "show secrets instead of masking them")
	addWidth(cmd, &f.width)
	completeWith(cmd, "split", "errors", "slowest")
	return cmd
}

// errDifference says that what was compared differs. It is an answer, not a mistake.
var errDifference = errors.New("a difference")

func (f *diffFlags) run(ctx context.Context, o *options, args []string) error {
	if f.split != "" && (f.good != "" || f.bad != "") {
		return errors.New("--split cannot be combined with --good or --bad")
	}
	for _, text := range []string{f.good, f.bad} {
		if err := session.CheckQuery(text); err != nil {
			return err // before reading what may be large
		}
	}
	args, _, err := o.inputs(args, "")
	if err != nil {
		return err
	}
	inputs := &opened{Settings: &o.Settings, sets: map[string]*trace.Set{}}
	defer inputs.close()
	d, err := f.divided(ctx, o, args, inputs)
	if err != nil {
		return err
	}
	pair, err := d.pair()
	if err != nil {
		return err
	}
	if f.opens(o, args) {
		differs, shown, err := f.onScreen(ctx, o, d, pair, args)
		if err == nil && shown {
			inputs.close() // the explorer opens them again, together
			if d.good.input != "" {
				args = []string{d.good.input, args[1]}
			}
			err = o.explore(ctx, diffInputs(f, args))
		}
		if err != nil || shown {
			return ended(err, inputs.failed, differs)
		}
		d.notes = append(d.notes, "printed as text: both sides contain parts of the same trace")
	}
	differs, err := f.print(ctx, o, d, pair)
	return ended(err, inputs.failed, differs)
}

// ended is what diff ends with: an error, an input that could not be read, a difference, or nothing.
func ended(err, failed error, differs bool) error {
	switch {
	case err != nil:
		return err
	case failed != nil:
		return failed
	case differs:
		return errDifference
	}
	return nil
}

// print prints the comparison of two traces, or makes and prints that of two sets. It reports whether there is a difference.
func (f *diffFlags) print(ctx context.Context, o *options, d *division, pair *compare.Comparison) (bool, error) {
	p := report.NewPrinter(&o.Settings, f.format, f.width, f.mask)
	if pair != nil {
		return len(pair.Changes) > 0, report.PrintPair(p, pair, d.remarks())
	}
	c, err := d.compareSets(ctx)
	if err != nil {
		return false, err
	}
	labels, traces := [2]string{d.good.label, d.bad.label}, len(d.good.traces)+len(d.bad.traces)
	return report.SetsDiffer(c), report.PrintSets(p, c, labels, traces, d.remarks())
}
