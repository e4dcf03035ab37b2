package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"tracefall/diagnose"
	"tracefall/sources/spelling"
	"tracefall/sources/trace"
)

// diagnoseFlags are what `diagnose` is asked for.
type diagnoseFlags struct {
	format  format
	where   string
	trace   string // of the explorer where it prints instead
	failOn  severityFlag
	width   int
	verbose bool
	list    bool
	explain string
	mask    masking
}

func newDiagnose(opt *options) *cobra.Command {
	f := &diagnoseFlags{format: formatText}
	cmd := &cobra.Command{
		Use:   "diagnose INPUT…",
		Short: "Say what is wrong in traces",
		Long: "diagnose asks every detector about the traces and prints what they found, ranked: numbers, evidence, confidence,\n" +
			"and what could not be seen. The exit status is 1 where a finding is at or above --fail-on.",
		Args: func(cmd *cobra.Command, args []string) error {
			if f.list || f.explain != "" {
				return cobra.NoArgs(cmd, args)
			}
			return needInputs(0, "diagnose INPUT…")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.list:
				return printDetectors(newPrinter(&opt.Settings, f.format, f.width, masking{}))
			case f.explain != "":
				return f.explainDetector(cmd.Context(), opt)
			}
			return f.run(cmd.Context(), opt, args)
		},
	}
	flags := cmd.Flags()
	addFormat(cmd, &f.format, "print as text, markdown, json or sarif", formatText, formatMarkdown, formatJSON, formatSARIF)
	flags.StringVar(&f.where, "where", "", "only findings about traces that match a `QUERY`")
	flags.Var(&f.failOn, "fail-on", "exit with status 1 where a finding is at least `SEVERITY`: info, low, medium, high, critical")
	flags.IntVar(&f.width, "width", 0, "fit text into `N` columns instead of the terminal's")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "all findings, all with checks, limits and usual remedies")
	flags.BoolVar(&f.mask.reveal, "reveal", false, "show secrets that messages quote instead of masking them")
	flags.BoolVar(&f.list, "list", false, "print the detectors with their thresholds")
	flags.StringVar(&f.explain, "explain", "", "print the rule of the detector with this `NAME`")
	completeWith(cmd, "explain", detectorNames()...)
	completeWith(cmd, "fail-on", "info", "low", "medium", "high", "critical")
	return cmd
}

// errFindings says that there are findings at or above what was asked for. It is an answer, not a mistake.
var errFindings = errors.New("findings")

func (f *diagnoseFlags) run(ctx context.Context, o *options, inputs []string) error {
	if err := checkQuery(f.where); err != nil {
		return err // before reading what may be large
	}
	result, failed := o.world.open(ctx, inputs)
	if result == nil {
		return failed
	}
	defer closeQuietly(result.Set)
	v, err := o.judge(ctx, result.Set, f.where, f.trace)
	if err != nil {
		return err
	}
	v.opens = reopening{inputs: inputs, demo: o.demoName(), join: o.world.reading.JoinIDs}
	switch err := printVerdict(newPrinter(&o.Settings, f.format, f.width, f.mask), v, f.verbose); {
	case err != nil:
		return err
	case failed != nil:
		return failed
	case f.failOn.set && v.least(f.failOn.severity) > 0:
		return errFindings
	case (f.where != "" || f.trace != "") && v.traces == 0:
		return errNoMatch
	}
	return nil
}

// judge runs the detectors over everything, because what is usual in the file tells what is not, and keeps what
// concerns the traces that match a query, and one trace where it is named.
func (o *options) judge(ctx context.Context, set *trace.Set, where, id string) (*verdict, error) {
	var only *trace.Trace
	if id != "" {
		t, _, err := findTrace(set, id)
		if err != nil {
			return nil, err
		}
		only = t
	}
	of := o.analyse(ctx, set)
	r, err := of.Report()
	if err != nil {
		return nil, err
	}
	v := &verdict{set: set, report: r, traces: set.Len()}
	if where == "" && only == nil {
		for i := range r.Findings {
			v.findings = append(v.findings, &r.Findings[i])
		}
		return v, nil
	}
	kept := func(t *trace.Trace) bool { return t == only }
	if where != "" {
		found, err := runQuery(ctx, of, where)
		if err != nil {
			return nil, err
		}
		v.traces, v.notes = found.traces, found.notes
		kept = func(t *trace.Trace) bool {
			_, ok := found.in(t)
			return ok && (only == nil || t == only)
		}
	}
	if only != nil {
		v.traces = 0
		if kept(only) {
			v.traces = 1
		}
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; slices.ContainsFunc(tracesOf(f), kept) {
			v.findings = append(v.findings, f)
		}
	}
	return v, nil
}

// explainDetector prints what a detector says, when, and what it cannot see, with an example from the demo.
func (f *diagnoseFlags) explainDetector(ctx context.Context, o *options) error {
	if f.format != formatText {
		return fmt.Errorf("--explain prints text only")
	}
	for _, d := range append(diagnose.Detectors(), diagnose.BaselineDifference()) {
		if d.Name == f.explain {
			return explainDetector(ctx, newPrinter(&o.Settings, formatText, f.width, masking{}), d)
		}
	}
	near := spelling.Suggest(f.explain, detectorNames())
	if near == "" {
		near = "; --list names them"
	}
	return fmt.Errorf("no detector %q%s", f.explain, near)
}
