package recording

import (
	"cmp"
	"fmt"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// looseWhy is why a span hangs on nothing.
type looseWhy uint8

const (
	looseRemote   looseWhy = iota // its parent ran in another process, as the SDK recorded, and is not in the file
	looseLocal                    // in its own
	looseAnywhere                 // where is not recorded
	looseRoot                     // it names no parent, in a trace that another span begins
)

// orphanWhy is why a span hangs on nothing whose parent, as far as the SDK says, ran there.
var orphanWhy = [...]looseWhy{trace.ParentRemote: looseRemote, trace.ParentLocal: looseLocal, trace.ParentAnywhere: looseAnywhere}

// looseSpans gathers by service the spans that hang on nothing.
type looseSpans struct {
	rule.Lists[looseKey, rule.Place]
}

type looseKey struct {
	service string
	why     looseWhy
}

func (l *looseSpans) add(at rule.Place, why looseWhy) { l.Add(looseKey{at.Data().Service(), why}, at) }

// roots takes in the spans of a trace that name no parent, but for the first. A link says what a span belongs to.
func (l *looseSpans) roots(f *facts.Facts) {
	t := f.Trace
	begun := false
	for i := t.First(); i < t.Len(); i = t.End(i) {
		s := t.Span(i)
		if s.Has(trace.FlagOrphan) || s.Has(trace.FlagCycleCut) {
			continue
		}
		if begun && len(s.Links()) == 0 {
			l.add(rule.Place{Facts: f, Span: i}, looseRoot)
		}
		begun = true
	}
}

// report reports the loose spans, by service.
func (l *looseSpans) report(p *rule.FilePass) {
	slices.SortFunc(l.Keys, func(a, b looseKey) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.why, b.why))
	})
	for k, places := range l.All() {
		reportLoose(p, k, places)
	}
}

func reportLoose(p *rule.FilePass, k looseKey, places []rule.Place) {
	first := places[0]
	who := fmt.Sprintf(" of %s%s", rule.Named(k.service), firstOf(places))
	f := rule.Finding{
		Evidence:   rule.EvidenceOf(rule.RoleOffender, places...),
		Numbers:    rule.Numbers{Count: len(places)},
		Checks:     []rule.Check{{Name: "parent's process recorded by the SDK", Passed: k.why == looseRemote || k.why == looseLocal}},
		Confidence: 0.4,
		Risk:       0.2,
		Cap:        new(rule.Low),
		Service:    k.service,
	}
	if k.why == looseRoot {
		f.Kind = "trace context loss: several root spans in one trace"
		f.Message = fmt.Sprintf("%s%s %s no parent, but the trace already has a root span.", rule.Calls(len(places), "span"), who, rule.Verb(len(places), "has", "have"))
	} else {
		n := len(rule.Distinct(places, func(at rule.Place) spanKey { return spanKey{at.Trace.ID(), at.Data().ParentID()} }))
		f.Numbers.More = []rule.Number{{Name: "missing_parents", Value: float64(n)}}
		f.Kind = "trace context loss: " + rule.Calls(len(places), "orphan span")
		f.Message = fmt.Sprintf("%s%s: %s", rule.Calls(len(places), "orphan span"), who, parents(len(places), n, k.why))
		if rootless := withoutRoot(places); rootless > 0 {
			f.Message += fmt.Sprintf("; %s %s no root span", rule.Calls(rootless, "trace"), rule.Verb(rootless, "has", "have"))
		}
		f.Message += "."
	}
	switch k.why {
	case looseLocal:
		f.Kind, f.Times, f.Detail, f.Confidence = "orphan spans", len(places), " (parent in the same process lost)", 0.6
		f.Remedies = []string{"check for spans that are never ended", "check for spans dropped by the sampler, queue or exporter of the process"}
	case looseRemote:
		f.Remedies = []string{"check that the calling process exports its spans to the same backend", "use the same sampling on both sides"}
	case looseAnywhere, looseRoot:
	}
	p.Report(first, fmt.Sprintf("loose %d %s", k.why, k.service), f)
}

// parents says how many parents of spans are missing, and where they ran.
func parents(spans, n int, why looseWhy) string {
	where := [...]string{looseRemote: "ran in another process and ", looseLocal: "ran in the same process and ", looseAnywhere: "", looseRoot: ""}[why]
	count := ""
	if n > 1 {
		count = trace.Grouped(n) + " "
	}
	return fmt.Sprintf("%s %s%s %s%s not in the file", rule.Verb(spans, "its", "their"), count, rule.Verb(n, "parent", "parents"), where, rule.Verb(n, "is", "are"))
}

// withoutRoot counts the traces of the places that no span without a parent begins.
func withoutRoot(places []rule.Place) int {
	n := 0
	for _, t := range rule.Distinct(places, func(at rule.Place) *trace.Trace { return at.Trace }) {
		rooted := false
		for i := t.First(); i < t.Len() && !rooted; i = t.End(i) {
			rooted = !t.Span(i).Has(trace.FlagOrphan)
		}
		if !rooted {
			n++
		}
	}
	return n
}
