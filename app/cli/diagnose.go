package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/sources/spelling"
	"tracefall/sources/trace"
)

// diagnoseFlags are what `diagnose` is asked for.
type diagnoseFlags struct {
	format  report.Format
	where   string
	trace   string // of the explorer where it prints instead
	failOn  severityFlag
	width   int
	verbose bool
	list    bool
	explain string
	mask    session.Masking
}

func newDiagnose(opt *options) *cobra.Command {
	f := &diagnoseFlags{format: report.Text}
	cmd := &cobra.Command{
		Use:   "diagnose INPUT…",
		Short: "Detect problems in traces",
		Long: "Run all detectors on the traces and print the findings, the worst first, with\n" +
			"evidence, confidence and numbers, and the detectors with limited data.\n" +
			"Exit status 1 if a finding has at least the severity of --fail-on.",
		Example: "  tracefall diagnose traces.json\n" +
			"  tracefall diagnose traces/ --where 'service=cart' --verbose\n" +
			"  tracefall diagnose traces.json --fail-on high --format sarif > findings.sarif\n" +
			"  tracefall diagnose --explain retry-storm",
		Args: func(cmd *cobra.Command, args []string) error {
			if f.list || f.explain != "" {
				return noArguments("diagnose --list or --explain")(cmd, args)
			}
			return opt.needInputs(0, "diagnose INPUT…")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.list:
				return report.PrintDetectors(report.NewPrinter(&opt.Settings, f.format, f.width, session.Masking{}))
			case f.explain != "":
				return f.explainDetector(cmd.Context(), opt)
			}
			return f.run(cmd.Context(), opt, args)
		},
	}
	flags := cmd.Flags()
	addFormat(cmd, &f.format, "output format: text, markdown, json or sarif", report.Text, report.Markdown, report.JSON, report.SARIF)
	flags.StringVar(&f.where, "where", "", "only findings in traces that match `QUERY`")
	flags.Var(&f.failOn, "fail-on", "exit status 1 if a finding has at least this `SEVERITY`: info, low, medium, high, critical")
	addWidth(cmd, &f.width)
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "print all findings with checks, caveats and common fixes")
	flags.BoolVar(&f.mask.Reveal, "reveal", false, "show secrets instead of masking them")
	flags.BoolVar(&f.list, "list", false, "list the detectors and their thresholds")
	flags.StringVar(&f.explain, "explain", "", "explain the detector `NAME`: rule, thresholds, example, caveats")
	completeWith(cmd, "explain", session.DetectorNames()...)
	completeWith(cmd, "fail-on", "info", "low", "medium", "high", "critical")
	return cmd
}

// errFindings: there are findings of the severity that was asked for. It is an answer, not a mistake.
var errFindings = errors.New("findings")

func (f *diagnoseFlags) run(ctx context.Context, o *options, inputs []string) error {
	inputs, where, err := o.inputs(inputs, f.where)
	if err != nil {
		return err
	}
	f.where = where
	return f.diagnose(ctx, o, inputs)
}

// diagnose reads inputs, which were found among the arguments already, and prints what the detectors find in them.
func (f *diagnoseFlags) diagnose(ctx context.Context, o *options, inputs []string) error {
	if err := session.CheckQuery(f.where); err != nil {
		return err // before reading what may be large
	}
	result, failed := o.Open(ctx, inputs, f.where)
	if result == nil {
		return failed
	}
	defer session.CloseQuietly(result.Set)
	v, err := o.judge(ctx, result.Set, f.where, f.trace)
	if err != nil {
		return err
	}
	v.Opens = session.Reopening{Demo: o.DemoName(), Join: o.World.Reading.JoinIDs}
	v.Opens.Asks, v.Opens.Inputs = o.Backends.Words(o.Answered, inputs)
	switch err := report.PrintVerdict(report.NewPrinter(&o.Settings, f.format, f.width, f.mask), v, f.verbose); {
	case err != nil:
		return err
	case failed != nil:
		return failed
	case f.failOn.set && v.Least(f.failOn.severity) > 0:
		return errFindings
	case (f.where != "" || f.trace != "") && v.Traces == 0:
		return errNoMatch
	}
	return nil
}

// judge runs the detectors over everything, because what is usual in the file tells what is not, and keeps what
// concerns the traces that match a query, and one trace where it is named.
func (o *options) judge(ctx context.Context, set *trace.Set, where, id string) (*report.Verdict, error) {
	var only *trace.Trace
	if id != "" {
		t, _, err := session.FindTrace(set, id)
		if err != nil {
			return nil, err
		}
		only = t
	}
	of := o.Analyse(ctx, set)
	r, err := of.Report()
	if err != nil {
		return nil, err
	}
	found, err := session.RunQuery(ctx, of, where, nil)
	if err != nil {
		return nil, err
	}
	v := &report.Verdict{Set: set, Report: r, Traces: found.Traces, Notes: found.Notes}
	kept := func(t *trace.Trace) bool {
		_, ok := found.In(t)
		return ok && (only == nil || t == only)
	}
	if only != nil {
		v.Traces = 0
		if kept(only) {
			v.Traces = 1
		}
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; found.All && only == nil || slices.ContainsFunc(f.Traces(), kept) {
			v.Findings = append(v.Findings, f)
		}
	}
	return v, nil
}

// explainDetector prints what a detector finds, when, and its caveats, with an example from the demo.
func (f *diagnoseFlags) explainDetector(ctx context.Context, o *options) error {
	if f.format != report.Text {
		return fmt.Errorf("--explain prints text only: leave out --format")
	}
	for _, d := range append(diagnose.Detectors(), diagnose.BaselineDifference()) {
		if d.Name == f.explain {
			return report.ExplainDetector(ctx, report.NewPrinter(&o.Settings, report.Text, f.width, session.Masking{}), d)
		}
	}
	near := cmp.Or(spelling.Suggest(f.explain, session.DetectorNames()), ": tracefall diagnose --list lists them")
	return fmt.Errorf("no detector %q%s", f.explain, near)
}
