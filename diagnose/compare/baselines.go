package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/stats"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// Baseline is a good trace to compare a bad one with.
type Baseline struct {
	Trace  *trace.Trace
	Reason string // in words, what tells traces apart first: "3 m 20 s before, near the median of 37 (405 ms), no error"
}

// The most that is offered, and what counts as usual.
const (
	baselinesMost = 10
	usualFactor   = 1.5 // of the median, either way
	nearFactor    = 1.1 // of the median, which is called near it
)

// entryOf is what traces of one operation have in common, without deriving facts: the service and the normalised
// name at the root.
func entryOf(t *trace.Trace) [2]string {
	return [2]string{t.Root().Service(), normalize.Name(t.Root().Name())}
}

// peer is a trace of the same operation that succeeded.
type peer struct {
	t       *trace.Trace
	took    int64 // ns that who asked waited; what the whole trace took says little where work ran on, or a clock is off
	errors  int
	finding string  // that it has in common with the bad trace, "" for none
	unusual float64 // how far the duration is from the median, as a factor
	far     int64   // ns between the starts
	unlike  int     // calls, each counted once, that only it or only the bad trace has; 0 where that is not looked at
	shaped  bool    // it was
}

// Suits reports whether a trace can be the baseline of a bad one: another of the same entry operation, succeeded and whole.
func Suits(t, bad *trace.Trace) bool {
	return t.ID() != bad.ID() && entryOf(t) == entryOf(bad) && !t.Root().Error() && !facts.Incomplete(t)
}

// Baselines ranks the traces of a set that a bad trace is best compared with: the same entry operation, succeeded
// and whole; of these first the ones without a finding of the bad trace, without any failed span, of usual duration, and
// the closest in time. shared names the finding that a trace has in common with the bad one, "" for none; it may be nil.
// The bad trace may be of another set; itself is never among them. It reads one span a trace, O(n log n).
func Baselines(set *trace.Set, bad *trace.Trace, shared func(*trace.Trace) string) []Baseline {
	return ranked(set, bad, nil, shared)
}

// BaselinesByShape is Baselines for a few traces that were asked for: of those without a failed span the ones come first whose
// set of calls is nearest to that of the bad trace. It reads every span.
func BaselinesByShape(set *trace.Set, bad *trace.Trace) []Baseline {
	return ranked(set, bad, callsOf(bad), nil)
}

// call is what is called: a service and the normalised name of an operation.
type call struct{ service, name string }

// callsOf are the calls of a trace, each once.
func callsOf(t *trace.Trace) map[call]bool {
	names := map[string]string{}
	calls := map[call]bool{}
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		name, known := names[s.Name()]
		if !known {
			name = normalize.Name(s.Name())
			names[s.Name()] = name
		}
		calls[call{s.Service(), name}] = true
	}
	return calls
}

// unlike counts the calls that one of two traces has and the other has not.
func unlike(a, b map[call]bool) int {
	n := len(b)
	for c := range a {
		if b[c] {
			n--
		} else {
			n++
		}
	}
	return n
}

func ranked(set *trace.Set, bad *trace.Trace, calls map[call]bool, shared func(*trace.Trace) string) []Baseline {
	peers := []peer{}
	for i := range set.Len() {
		t := set.Trace(i)
		if !Suits(t, bad) {
			continue
		}
		p := peer{t: t, took: t.Root().Duration(), errors: t.Errors(), far: Abs(t.Start() - bad.Start()), shaped: calls != nil}
		if p.shaped {
			p.unlike = unlike(callsOf(t), calls)
		}
		if shared != nil {
			p.finding = shared(t)
		}
		peers = append(peers, p)
	}
	if len(peers) == 0 {
		return nil
	}
	usual := usualOf(peers)
	for i := range peers {
		peers[i].unusual = ratioApart(peers[i].took, usual.median)
	}
	slices.SortStableFunc(peers, func(a, b peer) int {
		return cmp.Or(
			cmp.Compare(a.ill(), b.ill()),
			cmp.Compare(a.unlike, b.unlike),
			cmp.Compare(step01(a.unusual > usualFactor), step01(b.unusual > usualFactor)),
			cmp.Compare(a.far, b.far))
	})
	list := make([]Baseline, 0, baselinesMost)
	for _, p := range peers[:min(len(peers), baselinesMost)] {
		list = append(list, Baseline{p.t, p.reason(bad, usual, len(peers))})
	}
	return list
}

// ill is how little a trace is one that went well: what has the same finding differs least from the bad one.
func (p *peer) ill() int { return 2*step01(p.finding != "") + step01(p.errors > 0) }

func step01(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// usual is how long traces of an operation take.
type usual struct {
	median int64 // ns
	of     int   // traces
}

// usualOf measures the peers that went best: where there are any, those without errors and without the finding.
func usualOf(peers []peer) usual {
	var list []int64
	least := peers[0].ill()
	for i := range peers {
		least = min(least, peers[i].ill())
	}
	for i := range peers {
		if peers[i].ill() == least {
			list = append(list, peers[i].took)
		}
	}
	slices.Sort(list)
	return usual{stats.Percentile(list, 50), len(list)}
}

func ratioApart(a, b int64) float64 {
	x, y := max(float64(a), 1), max(float64(b), 1)
	return max(x/y, y/x)
}

// reason says why a trace fits, and how far its duration, which is shown beside it, is from what is usual. What most traces
// have in common comes last, where a narrow screen cuts it off.
func (p *peer) reason(bad *trace.Trace, usual usual, n int) string {
	var parts []string
	if p.finding != "" {
		parts = append(parts, "same finding ("+p.finding+")")
	}
	if p.errors > 0 {
		parts = append(parts, "succeeded with "+trace.Counted(p.errors, "failed span"))
	}
	switch {
	case !p.shaped:
	case p.unlike == 0:
		parts = append(parts, "same calls")
	case p.unlike == 1:
		parts = append(parts, "1 call differs")
	default:
		parts = append(parts, trace.Counted(p.unlike, "call")+" differ")
	}
	switch {
	case p.t.Start() < bad.Start():
		parts = append(parts, ago(p.far)+" before")
	case p.far > 0:
		parts = append(parts, ago(p.far)+" after")
	default:
		parts = append(parts, "at the same time")
	}
	if from, to := p.t.Extent(); ratioApart(p.took, to-from) > usualFactor {
		parts = append(parts, units.Lasted(to-from)+" including spans outside the root")
	}
	switch {
	case n == 1:
		parts = append(parts, "only trace of the operation")
	case usual.of == 1 && p.ill() == 0: // a median of itself
	default:
		parts = append(parts, fmt.Sprintf("%s the median of %s (%s)", p.against(usual.median), trace.Grouped(usual.of), units.Lasted(usual.median)))
	}
	if p.errors == 0 {
		parts = append(parts, "no error")
	}
	return strings.Join(parts, ", ")
}

// against says how the duration lies to a median, before it: "near", "1.5×".
func (p *peer) against(median int64) string {
	if p.unusual <= nearFactor {
		return "near"
	}
	switch times := float64(p.took) / float64(max(median, 1)); {
	case times < 0.1:
		return "< 0.1×"
	case times < 10:
		return fmt.Sprintf("%.1f×", times)
	default:
		return trace.Grouped(int(times)) + "×"
	}
}

// ago is Lasted for spans of time between traces: days and hours, too.
func ago(ns int64) string {
	switch {
	case ns >= 2*units.Day:
		return fmt.Sprintf("%d days", ns/units.Day)
	case ns >= 2*units.Hour:
		return fmt.Sprintf("%d hours", ns/units.Hour)
	}
	return units.Lasted(ns)
}
