package cli

import (
	"context"
	"slices"
	"strings"

	"tracefall/app"
	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/app/terminal"
	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
)

// opens reports whether diff opens the explorer instead of printing: where there is a terminal and nothing that only
// printing can do was asked for.
func (f *diffFlags) opens(o *options, args []string) bool {
	if _, terminal := terminal.FD(o.World.Stdout); !terminal || f.printed || slices.Contains(args, "-") {
		return false
	}
	term := o.World.Env("TERM")
	return term != "" && term != "dumb"
}

// onScreen sets the options by which the explorer shows the comparison, of two traces or else of two sets. It returns whether
// there is a difference, and false where one set of what is loaded cannot hold both sides: then it has to be printed.
func (f *diffFlags) onScreen(ctx context.Context, o *options, d *division, pair *compare.Comparison, args []string) (differs, shown bool, err error) {
	o.DiffReveal = f.mask.Reveal
	switch {
	case pair != nil:
		good, bad := pair.Good.Trace, pair.Bad.Trace
		if d.overlap([]*trace.Trace{good}, []*trace.Trace{bad}) {
			return false, false, nil
		}
		o.Trace, o.Compare, o.Note = bad.ID().String(), good.ID().String(), strings.Join(d.notes, " · ")
		return len(pair.Changes) > 0, true, nil
	case d.overlap(d.good.traces, d.bad.traces):
		return false, false, nil
	}
	c, err := d.compareSets(ctx)
	if err != nil {
		return false, false, err
	}
	o.AskedSets = &app.AskedSets{Names: [2]string{d.good.label, d.bad.label}, By: d.by, Asked: d.asked, Words: diffWords(f, args)}
	for i, traces := range [][]*trace.Trace{d.good.traces, d.bad.traces} {
		o.AskedSets.Sides[i] = make(map[trace.TraceID]bool, len(traces))
		for _, t := range traces {
			o.AskedSets.Sides[i][t.ID()] = true
		}
	}
	o.Note = strings.Join(d.notes, " · ")
	return report.SetsDiffer(c), true, nil
}

// overlap reports whether a trace of one side has parts on the other side too: read together they would be one.
func (d *division) overlap(good, bad []*trace.Trace) bool {
	if d.good.set == d.bad.set {
		return slices.ContainsFunc(good, func(t *trace.Trace) bool { return slices.Contains(bad, t) })
	}
	return slices.ContainsFunc(good, func(t *trace.Trace) bool { return d.bad.set.Find(t.ID()) != nil }) ||
		slices.ContainsFunc(bad, func(t *trace.Trace) bool { return d.good.set.Find(t.ID()) != nil })
}

// diffInputs are the inputs that diff's arguments name, each once.
func diffInputs(f *diffFlags, args []string) []string {
	if f.divides() {
		return args
	}
	var inputs []string
	for _, ref := range args {
		if name, _ := splitRef(ref); !slices.Contains(inputs, name) {
			inputs = append(inputs, name)
		}
	}
	return inputs
}

// diffWords are the words that ask diff for the same comparison.
func diffWords(f *diffFlags, args []string) []string {
	var words []string
	for _, flag := range [][2]string{{"good", f.good}, {"bad", f.bad}, {"split", f.split}} {
		if flag[1] != "" {
			words = append(words, "--"+flag[0], session.ShellQuote(flag[1]))
		}
	}
	return append(words, session.QuotedInputs(args)...)
}
