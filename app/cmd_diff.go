package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// diffFlags are what `diff` is asked for.
type diffFlags struct {
	format    format
	good, bad string
	split     string
	width     int
	printed   bool // how to print was said, so it is printed
	mask      masking
}

func newDiff(opt *options) *cobra.Command {
	f := &diffFlags{format: formatText}
	cmd := &cobra.Command{
		Use:   "diff GOOD BAD",
		Short: "Explain the difference between two traces or two sets of traces",
		Long: "diff explains the difference between a baseline (GOOD) and a bad trace (BAD); each is a file, or FILE#TRACEID. Where one side\n" +
			"has several traces and no id, one is picked and named; where both have several, the sets are compared.\n" +
			"With --good, --bad or --split the inputs are read together and their traces divided. The exit status is 1 where they differ.\n" +
			"In a terminal the comparison opens as a screen; --format text prints it.",
		Example: "  tracefall diff good.json bad.json\n" +
			"  tracefall diff all.jsonl#4fa2e94c01740c4c33541788088c594e all.jsonl#f8e7fb9171354c534b099d4c28daf819\n" +
			"  tracefall diff --bad 'root.service=gw error=true' all.jsonl\n" +
			"  tracefall diff --split 14:05:00 all.jsonl",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.divides():
				return needInputs(0, "diff --good QUERY --bad QUERY INPUT…")(cmd, args)
			case len(args) != 2:
				return fmt.Errorf("diff needs a good and a bad input, got %d: tracefall diff GOOD BAD, or --good, --bad or --split and inputs", len(args))
			case args[0] == "-" && args[1] == "-":
				return errors.New("diff can read one of the two from standard input, not both")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.printed = cmd.Flags().Changed("format") || cmd.Flags().Changed("width")
			return opt.diff(cmd.Context(), args, f)
		},
	}
	flags := cmd.Flags()
	addFormat(cmd, &f.format, "print as text, markdown or json", formatText, formatMarkdown, formatJSON)
	flags.StringVar(&f.good, "good", "", "baseline: the traces that match `QUERY` (default: all that are not bad)")
	flags.StringVar(&f.bad, "bad", "", "bad: the traces that match `QUERY` (default: all that are not good)")
	flags.StringVar(&f.split, "split", "", "divide the inputs `BY` errors, slowest, or a time such as 14:05:00 or 2026-11-20T14:05:00Z")
	flags.BoolVar(&f.mask.reveal, "reveal", false, "show secrets instead of masking them")
	flags.IntVar(&f.width, "width", 0, "output width in `N` columns (default: the terminal's)")
	completeWith(cmd, "split", "errors", "slowest")
	return cmd
}

// divides reports whether the inputs are read together and their traces divided.
func (f *diffFlags) divides() bool { return f.good != "" || f.bad != "" || f.split != "" }

// errDifference says that what was compared differs. It is an answer, not a mistake.
var errDifference = errors.New("a difference")

func (o *options) diff(ctx context.Context, args []string, f *diffFlags) error {
	if f.split != "" && (f.good != "" || f.bad != "") {
		return errors.New("--split divides by itself: leave out --good and --bad")
	}
	for _, text := range []string{f.good, f.bad} {
		if err := checkQuery(text); err != nil {
			return err // before reading what may be large
		}
	}
	inputs := &opened{w: o.world, sets: map[string]*trace.Set{}}
	defer inputs.close()
	d, err := o.divided(ctx, args, f, inputs)
	if err != nil {
		return err
	}
	if f.opens(o, args) {
		differs, shown, err := o.onScreen(ctx, d, f, args)
		if err == nil && shown {
			inputs.close() // the explorer opens them again, together
			err = o.explore(ctx, diffInputs(f, args))
		}
		if err != nil || shown {
			return ended(err, inputs.failed, differs)
		}
		d.notes = append(d.notes, "printed, because both sides have parts of one trace and a screen of both would join them")
	}
	differs, err := o.printDifference(ctx, d, f)
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

// division is what is to be compared, and how it came to be.
type division struct {
	good, bad side
	by        population.SplitKind
	asked     query.About // by --good and --bad
	notes     []string    // what was picked or left out
}

// divided opens the inputs and divides their traces into good and bad ones.
func (o *options) divided(ctx context.Context, args []string, f *diffFlags, inputs *opened) (*division, error) {
	if !f.divides() {
		good, err := inputs.side(ctx, args[0])
		if err != nil {
			return nil, err
		}
		bad, err := inputs.side(ctx, args[1])
		if err != nil {
			return nil, err
		}
		return &division{good: good, bad: bad}, nil
	}
	set, err := inputs.open(ctx, "", args)
	if err != nil {
		return nil, err
	}
	return o.divide(ctx, set, f)
}

// divide divides the traces of a set as the flags say.
func (o *options) divide(ctx context.Context, set *trace.Set, f *diffFlags) (*division, error) {
	d := &division{good: side{name: "good", set: set}, bad: side{name: "bad", set: set}}
	if f.split != "" {
		return d, d.split(o.clock, set, f.split)
	}
	of := o.analyse(ctx, set)
	matches := func(text string) (func(*trace.Trace) bool, error) {
		if text == "" {
			return nil, nil
		}
		found, err := runQuery(ctx, of, text)
		if err != nil {
			return nil, err
		}
		d.notes = append(d.notes, found.notes...)
		return func(t *trace.Trace) bool { _, ok := found.in(t); return ok }, nil
	}
	good, err := matches(f.good)
	if err != nil {
		return nil, err
	}
	bad, err := matches(f.bad)
	if err != nil {
		return nil, err
	}
	d.good.label, d.bad.label = secrets.Masked(f.good), secrets.Masked(f.bad)
	d.asked = askedAbout(f.good, f.bad)
	if good == nil {
		d.good.label = "the rest"
		good = func(t *trace.Trace) bool { return !bad(t) }
	}
	if bad == nil {
		d.bad.label = "the rest"
		bad = func(t *trace.Trace) bool { return !good(t) }
	}
	neither, both := 0, 0
	for i := range set.Len() {
		t := set.Trace(i)
		switch isGood, isBad := good(t), bad(t); {
		case isGood && isBad:
			both++
		case isGood:
			d.good.traces = append(d.good.traces, t)
		case isBad:
			d.bad.traces = append(d.bad.traces, t)
		default:
			neither++
		}
	}
	if both > 0 {
		d.notes = append(d.notes, draw.CountNoun(both, "trace matches", "traces match")+" both --good and --bad and are left out")
	}
	if neither > 0 {
		d.notes = append(d.notes, draw.CountNoun(neither, "trace matches", "traces match")+" neither --good nor --bad")
	}
	return d, d.whole()
}

// split divides by errors, by duration or at a time.
func (d *division) split(clock views.ClockMode, set *trace.Set, by string) error {
	all := factsOf(set, nil)
	var s population.Split
	switch by {
	case "errors":
		d.good.label, d.bad.label = "did not fail", "failed"
		s = population.SplitByErrors(all)
	case "slowest":
		d.good.label, d.bad.label = "the rest", "the slowest tenth"
		s = population.SplitBySlowness(all)
	default:
		moment, err := moment(clock, set, by)
		if err != nil {
			return err
		}
		d.good.label, d.bad.label = "before "+by, "from "+by
		s = population.SplitAt(all, moment)
	}
	for _, f := range s.Good {
		d.good.traces = append(d.good.traces, f.Trace)
	}
	for _, f := range s.Bad {
		d.bad.traces = append(d.bad.traces, f.Trace)
	}
	d.by = s.By
	d.notes = append(d.notes, s.String())
	return d.whole()
}

// whole refuses a side without traces.
func (d *division) whole() error {
	for _, s := range []side{d.good, d.bad} {
		if len(s.traces) == 0 {
			return fmt.Errorf("no trace is %s: there is nothing to compare%s", s.name, because(d.notes))
		}
	}
	return nil
}

// because puts notes behind what they explain.
func because(notes []string) string {
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, "; ") + ")"
}

// moment reads a time of a clock: with its date, or of the day on which the traces begin.
func moment(clock views.ClockMode, set *trace.Set, text string) (int64, error) {
	zone := time.UTC
	if clock == views.ClockLocal {
		zone = localZone()
	}
	from, _ := set.Bounds()
	day := time.Unix(0, from).In(zone)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "15:04:05", "15:04"} {
		t, err := time.ParseInLocation(layout, text, zone)
		if err != nil {
			continue
		}
		if t.Year() == 0 {
			t = time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
		}
		return t.UnixNano(), nil
	}
	return 0, fmt.Errorf("cannot split by %q: expected errors, slowest, or a time such as 14:05:00 or 2026-11-20T14:05:00Z", text)
}

// factsOf derives the facts of traces of one set, nil for all.
func factsOf(set *trace.Set, traces []*trace.Trace) []*facts.Facts {
	if traces == nil {
		for i := range set.Len() {
			traces = append(traces, set.Trace(i))
		}
	}
	ops := facts.NewOps(set)
	list := make([]*facts.Facts, len(traces))
	for i, t := range traces {
		list[i] = facts.New(t, ops)
	}
	return list
}

// printDifference compares, prints, and reports whether there is a difference.
func (o *options) printDifference(ctx context.Context, d *division, f *diffFlags) (bool, error) {
	pair, err := d.pair()
	if err != nil {
		return false, err
	}
	p := newPrinter(&o.Settings, f.format, f.width, f.mask)
	if pair != nil {
		return len(pair.Changes) > 0, p.pair(pair, d.remarks())
	}
	c, err := d.compareSets(ctx)
	if err != nil {
		return false, err
	}
	labels, traces := [2]string{d.good.label, d.bad.label}, len(d.good.traces)+len(d.bad.traces)
	return setsDiffer(c), p.sets(c, labels, traces, d.remarks())
}

// compareSets compares the traces of both sides.
func (d *division) compareSets(ctx context.Context) (*population.Comparison, error) {
	good, bad := factsOf(d.good.set, d.good.traces), factsOf(d.bad.set, d.bad.traces)
	return population.Compare(ctx, good, bad, population.Options{By: d.by, Asked: d.asked, Sensitive: holdsSecret})
}

// pair compares two traces where one side names a single one; nil where both have several.
func (d *division) pair() (*compare.Comparison, error) {
	good, bad := d.good.traces[0], d.bad.traces[0]
	switch {
	case len(d.good.traces) > 1 && len(d.bad.traces) > 1:
		return nil, nil
	case len(d.good.traces) > 1:
		t, why, err := pickGood(d.good, bad)
		if err != nil {
			return nil, err
		}
		good = t
		d.notes = append(d.notes, fmt.Sprintf("baseline is trace %s of %s in %s: %s", t.ID(), draw.CountNoun(len(d.good.traces), "trace", "traces"), d.good.name, why))
	case len(d.bad.traces) > 1:
		t, why, err := pickBad(d.bad, good)
		if err != nil {
			return nil, err
		}
		bad = t
		d.notes = append(d.notes, fmt.Sprintf("bad is trace %s of %s in %s: %s", t.ID(), draw.CountNoun(len(d.bad.traces), "trace", "traces"), d.bad.name, why))
	}
	return compare.Pair(factsOf(d.good.set, []*trace.Trace{good})[0], factsOf(d.bad.set, []*trace.Trace{bad})[0]), nil
}

// remarks are what was picked or left out, and the notices of reading both sides.
func (d *division) remarks() remarks {
	r := remarks{notes: d.notes, notices: d.good.set.Notices()}
	if d.good.set != d.bad.set {
		r.notices = slices.Concat(r.notices, d.bad.set.Notices())
	}
	return r
}
