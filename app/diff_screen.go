package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// askedSets is what diff opens the explorer with where it compares sets: which traces of what is loaded are
// on which side. It is nil where nothing or a pair is compared.
type askedSets struct {
	sides [2]map[trace.TraceID]bool // good and bad
	names [2]string
	by    population.SplitKind
	asked query.About
	words []string // diff's own flags and inputs, to open the very view again
}

// opens reports whether diff opens the explorer instead of printing: where there is a terminal and nothing that only
// printing can do was asked for.
func (f *diffFlags) opens(o *options, args []string) bool {
	if _, terminal := fd(o.world.Stdout); !terminal || f.printed || slices.Contains(args, "-") {
		return false
	}
	term := o.world.Env("TERM")
	return term != "" && term != "dumb"
}

// onScreen compares, and sets the options by which the explorer shows the comparison. It returns whether there is
// a difference, and false where one set of what is loaded cannot hold both sides: then it has to be printed.
func (f *diffFlags) onScreen(ctx context.Context, o *options, d *division, args []string) (differs, shown bool, err error) {
	o.diffReveal = f.mask.reveal
	pair, err := d.pair()
	switch {
	case err != nil:
		return false, false, err
	case pair != nil:
		good, bad := pair.Good.Trace, pair.Bad.Trace
		if d.overlap([]*trace.Trace{good}, []*trace.Trace{bad}) {
			return false, false, nil
		}
		o.trace, o.compare, o.note = bad.ID().String(), good.ID().String(), strings.Join(d.notes, " · ")
		return len(pair.Changes) > 0, true, nil
	case d.overlap(d.good.traces, d.bad.traces):
		return false, false, nil
	}
	c, err := d.compareSets(ctx)
	if err != nil {
		return false, false, err
	}
	o.askedSets = &askedSets{names: [2]string{d.good.label, d.bad.label}, by: d.by, asked: d.asked, words: diffWords(f, args)}
	for i, traces := range [][]*trace.Trace{d.good.traces, d.bad.traces} {
		o.askedSets.sides[i] = make(map[trace.TraceID]bool, len(traces))
		for _, t := range traces {
			o.askedSets.sides[i][t.ID()] = true
		}
	}
	o.note = strings.Join(d.notes, " · ")
	return setsDiffer(c), true, nil
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
			words = append(words, "--"+flag[0], shellQuote(flag[1]))
		}
	}
	return append(words, quotedInputs(args)...)
}

// showAskedSets compares the sets that diff was asked for, as soon as everything is loaded.
func (m *model) showAskedSets() tea.Cmd {
	d := m.askedSets
	if d == nil || m.loading {
		return nil
	}
	m.askedSets = nil
	m.say(m.opt.note)
	return m.compareSets(d.words, func(all []*facts.Facts) (population.Split, [2]string) {
		in := func(side int) func(*trace.Trace) bool {
			return func(t *trace.Trace) bool { return d.sides[side][t.ID()] }
		}
		split := population.SplitBy(all, in(0), in(1))
		split.By, split.Asked = d.by, d.asked
		return split, d.names
	})
}

// compareSets compares traces of the list with its other traces, as a job. words ask diff for the same.
func (m *model) compareSets(words []string, divide func([]*facts.Facts) (population.Split, [2]string)) tea.Cmd {
	set, of := m.set, m.factsOf()
	m.sets.SetSets(nil, [2]string{})
	doing := comparingSets("comparing " + count(set.Len(), "trace", "traces"))
	m.sets.SetPending(string(doing))
	m.push(setsScreen)
	m.setsWords = words
	return m.jobs.start(m.ctx, jobCompare, func(ctx context.Context, report func(any)) (any, error) {
		say := throttle(progressAfter, progressEvery, func(permille int) {
			report(doing + comparingSets(" · "+draw.Percent(int64(permille), 1000)))
		})
		all := make([]*facts.Facts, 0, set.Len())
		for i := range set.Len() {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			all = append(all, of(set.Trace(i)))
			say(500 * i / set.Len()) // the first half of the way
		}
		split, names := divide(all)
		for side, traces := range [][]*facts.Facts{split.Good, split.Bad} {
			if len(traces) == 0 {
				return nil, fmt.Errorf("nothing to compare: no trace is in %q (%s)", names[side], split.Rule)
			}
		}
		sets, err := population.Compare(ctx, split.Good, split.Bad, population.Options{
			By: split.By, Asked: split.Asked, Sensitive: isSecret, Progress: func(done, total int) { say(500 + 500*done/max(total, 1)) },
		})
		return setsCompared{sets, names}, err
	})
}

// isSecret reports whether a value is a secret, and not merely personal.
func isSecret(key, value string) bool {
	_, ok := secrets.Opens(key, value)
	return ok
}

// splitWords ask diff for what the explorer compares by a command.
func (m *model) splitWords(c views.Command) []string {
	words := []string{"--bad", shellQuote(m.where)}
	switch c {
	case views.CompareErrors:
		words = []string{"--split", "errors"}
	case views.CompareSlowest:
		words = []string{"--split", "slowest"}
	}
	return append(words, quotedInputs(m.inputs)...)
}
