package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// side is one side of a comparison: the traces that an input, a reference or a query names.
type side struct {
	name   string // as it was written, or "good" and "bad" where one set is divided
	label  string // what it is, for a title
	set    *trace.Set
	traces []*trace.Trace
	input  string // what opens its one trace where its name does not, "" else
	note   string // how that was picked
}

// opened holds what a comparison reads, by name, so that two traces of one file are read once.
type opened struct {
	*session.Settings
	sets   map[string]*trace.Set
	failed error // session.ErrFailedInputs where a part could not be read
}

// open reads inputs as one set under a name.
func (o *opened) open(ctx context.Context, name string, inputs []string) (*trace.Set, error) {
	if set := o.sets[name]; set != nil {
		return set, nil
	}
	result, err := o.Open(ctx, inputs, "")
	if result == nil {
		return nil, err
	}
	if err != nil {
		o.failed = err
	}
	o.sets[name] = result.Set
	return result.Set, nil
}

// close releases everything.
func (o *opened) close() {
	for _, set := range o.sets {
		session.CloseQuietly(set)
	}
}

// side opens FILE or FILE#TRACEID.
func (o *opened) side(ctx context.Context, ref string) (side, error) {
	name, id := splitRef(ref)
	set, err := o.open(ctx, name, []string{name})
	if err != nil {
		return side{}, err
	}
	s := side{name: ref, label: ref, set: set}
	if id != "" {
		t, _, err := session.FindTrace(set, id)
		if err != nil {
			return s, fmt.Errorf("%s: %w", name, err)
		}
		s.traces = []*trace.Trace{t}
		return s, nil
	}
	if s.traces = session.Traces(set); len(s.traces) == 0 {
		return s, fmt.Errorf("%s: no traces to compare", name)
	}
	return s, nil
}

// both opens the two sides.
func (o *opened) both(ctx context.Context, args []string) (*division, error) {
	good, err := o.side(ctx, args[0])
	if err != nil {
		return nil, err
	}
	bad, err := o.side(ctx, args[1])
	if err != nil {
		return nil, err
	}
	return &division{good: good, bad: bad}, nil
}

// goodFor asks the backend of a window for the baseline of one bad trace.
func (o *opened) goodFor(ctx context.Context, window *session.Request, ref string, bad *trace.Trace) (side, error) {
	o.Backends.Widen(window)
	good, err := o.GoodTraces(ctx, window, bad)
	if err != nil {
		return side{}, err
	}
	if len(good) == 0 {
		return side{}, fmt.Errorf("%s: no baseline, no trace of %s succeeded %s: name one with %s, or another window with --from", strings.TrimSuffix(ref, ":"),
			views.RootText(bad), session.GoodTimes(o.Clock, window, bad), window.Word("TRACEID"))
	}
	best := good[0]
	id := best.Trace.ID().String()
	o.sets[ref] = best.Trace.Set()
	return side{
		name: ref, label: ref, set: best.Trace.Set(), traces: []*trace.Trace{best.Trace}, input: window.Word(id),
		note: fmt.Sprintf("baseline is trace %s in %s, %s", id, strings.TrimSuffix(ref, ":"), best.Reason),
	}, nil
}

// splitRef splits FILE#TRACEID. A file whose own name has a # in it is taken as a whole where it exists.
func splitRef(ref string) (name, id string) {
	at := strings.LastIndexByte(ref, '#')
	if at < 0 {
		return ref, ""
	}
	if _, err := os.Stat(ref); err == nil {
		return ref, ""
	}
	return ref[:at], ref[at+1:]
}

// pickGood chooses among several good traces the one to lay beside a bad one, and says why that one.
func pickGood(good side, bad *trace.Trace) (*trace.Trace, string, error) {
	in := map[trace.TraceID]bool{}
	for _, t := range good.traces {
		in[t.ID()] = true
	}
	for _, b := range compare.Baselines(good.set, bad, nil) {
		if in[b.Trace.ID()] {
			return b.Trace, b.Reason, nil
		}
	}
	return nil, "", fmt.Errorf("%s: no baseline, none of %s of %s succeeded: name one with FILE#TRACEID",
		good.name, draw.CountNoun(len(good.traces), "trace", "traces"), views.RootText(bad))
}

// pickBad chooses among several bad traces the one to lay beside a good one: of the same entry operation the slowest
// of those that failed, else the slowest.
func pickBad(bad side, good *trace.Trace) (*trace.Trace, string, error) {
	var best *trace.Trace
	worse := func(t *trace.Trace) bool {
		if a, b := t.Root().Error(), best.Root().Error(); a != b {
			return a
		}
		return t.Duration() > best.Duration()
	}
	n := 0
	for _, t := range bad.traces {
		if t.ID() == good.ID() || !sameEntry(t, good) {
			continue
		}
		if n++; best == nil || worse(t) {
			best = t
		}
	}
	if best == nil {
		return nil, "", fmt.Errorf("%s: none of %s is %s: name a trace with FILE#TRACEID",
			bad.name, draw.CountNoun(len(bad.traces), "trace", "traces"), views.RootText(good))
	}
	how := "the slowest"
	if best.Root().Error() {
		how = "the slowest that failed"
	}
	return best, fmt.Sprintf("%s of %s, %s", how, draw.CountNoun(n, "such trace", "such traces"), units.Lasted(best.Duration())), nil
}

// sameEntry reports whether two traces begin with the same operation.
func sameEntry(a, b *trace.Trace) bool {
	return a.Root().Service() == b.Root().Service() && normalize.Name(a.Root().Name()) == normalize.Name(b.Root().Name())
}
