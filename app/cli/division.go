package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/secrets"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// division is what is to be compared, and how it came to be.
type division struct {
	good, bad side
	by        population.SplitKind
	asked     query.About // by --good and --bad
	notes     []string    // what was picked or left out
}

// divided opens the inputs and divides their traces into good and bad ones.
func (f *diffFlags) divided(ctx context.Context, o *options, args []string, inputs *opened) (*division, error) {
	if !f.divides() {
		window := o.Backends.Windowed(args[0])
		if window == nil {
			return inputs.both(ctx, args)
		}
		bad, err := inputs.side(ctx, args[1])
		if err != nil {
			return nil, err
		}
		if len(bad.traces) > 1 {
			return inputs.both(ctx, args)
		}
		good, err := inputs.goodFor(ctx, window, args[0], bad.traces[0])
		if err != nil {
			return nil, err
		}
		return &division{good: good, bad: bad, notes: []string{good.note}}, nil
	}
	set, err := inputs.open(ctx, "", args)
	if err != nil {
		return nil, err
	}
	return f.divide(ctx, o, set)
}

// divide divides the traces of a set as the flags say.
func (f *diffFlags) divide(ctx context.Context, o *options, set *trace.Set) (*division, error) {
	d := &division{good: side{name: "good", set: set}, bad: side{name: "bad", set: set}}
	if f.split != "" {
		return d, d.split(o.Clock, set, f.split)
	}
	of := o.Analyse(ctx, set)
	d.asked = session.AskedAbout(f.good, f.bad)
	var found [2]*session.Answer
	for i, s := range []*side{&d.good, &d.bad} {
		text := [2]string{f.good, f.bad}[i]
		answer, err := session.RunQuery(ctx, of, text, nil)
		if err != nil {
			return nil, err
		}
		found[i], s.label = answer, cmp.Or(secrets.Masked(text), "the rest")
		d.notes = append(d.notes, answer.Notes...)
	}
	in := func(i int, t *trace.Trace) bool {
		if found[i].All { // that side was not asked for: it has what the other has not
			_, other := found[1-i].In(t)
			return !other
		}
		_, ok := found[i].In(t)
		return ok
	}
	neither, both := 0, 0
	for _, t := range session.Traces(set) {
		switch isGood, isBad := in(0, t), in(1, t); {
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
		d.notes = append(d.notes, draw.CountNoun(both, "trace matches", "traces match")+" both --good and --bad, ignored")
	}
	if neither > 0 {
		d.notes = append(d.notes, draw.CountNoun(neither, "trace matches", "traces match")+" neither --good nor --bad, ignored")
	}
	return d, d.whole()
}

// split divides by errors, by duration or at a time.
func (d *division) split(clock views.ClockMode, set *trace.Set, by string) error {
	all := session.FactsOf(set, nil)
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
		switch {
		case len(s.traces) > 0:
		case len(d.notes) > 0:
			return fmt.Errorf("nothing to compare: no trace is %s (%s)", s.name, strings.Join(d.notes, "; "))
		default:
			return fmt.Errorf("nothing to compare: no trace is %s", s.name)
		}
	}
	return nil
}

// moment reads a time of a clock: with its date, or of the day on which the traces begin.
func moment(clock views.ClockMode, set *trace.Set, text string) (int64, error) {
	from, _ := set.Bounds()
	if t, _, ok := session.ParseTime(clock, time.Unix(0, from), text); ok {
		return t.UnixNano(), nil
	}
	return 0, fmt.Errorf("cannot split by %q: expected errors, slowest, or a time such as 14:05:00 or 2026-11-20T14:05:00Z", text)
}

// compareSets compares the traces of both sides.
func (d *division) compareSets(ctx context.Context) (*population.Comparison, error) {
	good, bad := session.FactsOf(d.good.set, d.good.traces), session.FactsOf(d.bad.set, d.bad.traces)
	return population.Compare(ctx, good, bad, population.Options{By: d.by, Asked: d.asked, Sensitive: session.HoldsSecret})
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
	return compare.Pair(session.FactsOf(d.good.set, []*trace.Trace{good})[0], session.FactsOf(d.bad.set, []*trace.Trace{bad})[0]), nil
}

// remarks are what was picked or left out, and the notices of reading both sides.
func (d *division) remarks() report.Remarks {
	r := report.Remarks{Notes: d.notes, Notices: d.good.set.Notices()}
	if d.good.set != d.bad.set {
		r.Notices = slices.Concat(r.Notices, d.bad.set.Notices())
	}
	return r
}

// divides reports whether the inputs are read together and their traces divided.
func (f *diffFlags) divides() bool { return f.good != "" || f.bad != "" || f.split != "" }
