package rule

import (
	"cmp"
	"fmt"
	"hash/fnv"

	"tracefall/diagnose/baseline"
	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// Detector is one rule. Exactly one of Trace and File is set, none for what only a comparison finds.
type Detector struct {
	ID         string // "D03"
	Name       string // "n-plus-one", as the command line, queries and the configuration spell it
	Title      string // "N+1 calls"
	Doc        string // what it finds and why that matters, for --explain
	Rule       string // when it fires, in words, naming its thresholds
	Example    string // a finding's message
	Remedies   []string
	Limits     []string // caveats: what it cannot see
	Thresholds any      // a pointer to the usual ones; new(struct{}) for none
	Blind      []Blind  // what keeps it from seeing
	Relations
	Trace func(p *Pass)     // looks at one trace
	File  func(p *FilePass) // looks at all traces together
}

// Relations are what a detector's findings have to do with those of others, and with what is missing.
type Relations struct {
	// Strength orders the detectors of which one stays where most offenders are the same spans: the story that
	// explains more, which names the other. 0 takes no part.
	Strength int
	Absorbs  Absorption
	Absence  Absence // whether it rests on what is not there
	Counts   bool    // it counts calls that belong together: where spans are missing, at least so many
	Origin   bool    // its cause is the error that others of the trace follow from
}

// Absorption is which findings of single traces are part of a detector's story when their spans are.
type Absorption struct {
	Detector string   // whose, "" for none
	Least    Severity // of what is absorbed
	FileOnly bool     // only by findings that are about several traces
}

// Absence is whether findings rest on what is not there.
type Absence uint8

// The kinds of resting on absence.
const (
	AbsenceNone  Absence = iota
	AbsenceSpans         // where any span is missing they are less certain
	AbsenceCut           // where the backend or the end of the input cut the trace off
)

// Around is what the traces of one file are judged by: facts of the whole file, and the numbers at which rules fire.
type Around struct {
	Detectors  []*Detector // all
	FactsOf    map[*trace.Trace]*facts.Facts
	Baseline   *baseline.Baseline
	Clocks     *clocks.Clocks
	Retried    *baseline.RetryRates
	Reach      *baseline.Reach
	Steps      *baseline.Steps
	Thresholds Thresholds
}

func (a *Around) gates() Thresholds { return a.Thresholds }

// Pass is one detector's look at one trace.
type Pass struct {
	*facts.Facts
	*Around
	detector *Detector
	report   func(Finding)
}

// NewPass returns a look at a trace; report takes what is found.
func NewPass(d *Detector, f *facts.Facts, around *Around, report func(Finding)) *Pass {
	return &Pass{f, around, d, report}
}

// Report gives a finding; detector, trace, service, remedies and limits are filled in where they are empty.
// source distinguishes findings of one anchor that rest on different calls: the label of the repeated operation.
func (p *Pass) Report(source string, f Finding) {
	f.Trace = p.Facts.Trace
	f.Service = cmp.Or(f.Service, p.Facts.Trace.Span(f.Anchor).Service())
	f.Where, f.WhereService = p.whereOf(&f)
	f.Numbers.shareOf(p.PathLength())
	f.Fingerprint = Fingerprint(p.detector.Name, PathTo(p.Facts, f.Anchor), source)
	f = p.detector.Complete(f)
	if facts.Incomplete(f.Trace) {
		f.boundBelow()
	}
	p.report(f)
}

// PathTo lists the operations from the root of a trace to span i.
func PathTo(f *facts.Facts, i int) []string {
	var path []string
	for ; i >= 0; i = f.Trace.Parent(i) {
		op := f.Op(i)
		path = append(path, op.Service+" "+op.Label())
	}
	return path
}

// Spans makes evidence of spans of the trace.
func (p *Pass) Spans(role Role, spans ...int) []Evidence {
	return SpansOf(p.Facts.Trace, role, spans...)
}

// SpansOf makes evidence of spans of a trace.
func SpansOf(t *trace.Trace, role Role, spans ...int) []Evidence {
	list := make([]Evidence, len(spans))
	for n, i := range spans {
		list[n] = Evidence{role, t, i}
	}
	return list
}

// Measure measures spans of the trace that are disjoint: how many they are, and how long they ran.
func (p *Pass) Measure(spans []int, more ...Number) Numbers {
	return Numbers{Count: len(spans), Union: p.Union(spans), Sum: p.Sum(spans), Critical: p.CriticalOf(spans), More: more}
}

// Share returns a part of the critical path as a share of it, 0 to 1.
func (p *Pass) Share(critical int64) float64 {
	return float64(critical) / float64(max(p.PathLength(), 1))
}

// OnPath says how much of the critical path calls took that ran for so long, behind that time: "31 % of the critical path". Where
// the path ran through a part of the time only, the share is that part's, and the words say so.
func (p *Pass) OnPath(ns, critical int64) string {
	share := units.PercentOf(p.Share(critical))
	switch on := units.Lasted(critical); {
	case on == units.Lasted(ns):
		return share + " of the critical path"
	case critical <= 0:
		return "none of it on the critical path"
	default:
		return fmt.Sprintf("%s of it on the critical path (%s of the path)", on, share)
	}
}

// CountFailed counts the spans that failed.
func (p *Pass) CountFailed(spans []int) int {
	n := 0
	for _, i := range spans {
		if p.Failed(i) {
			n++
		}
	}
	return n
}

// CriticalOf sums the critical path through the subtrees of disjoint spans.
func (p *Pass) CriticalOf(spans []int) int64 {
	var sum int64
	for _, i := range spans {
		sum += p.CriticalTime(i)
	}
	return sum
}

// FilePass is one detector's look at all traces together.
type FilePass struct {
	*Around
	Set      *trace.Set
	Traces   []*facts.Facts // in the order of the set
	detector *Detector
	report   func(f Finding, total int64)
}

// NewFilePass returns a look at the traces of a set; report takes what is found, with how long the traces that it is
// about lasted together.
func NewFilePass(d *Detector, set *trace.Set, traces []*facts.Facts, around *Around, report func(f Finding, total int64)) *FilePass {
	return &FilePass{around, set, traces, d, report}
}

// Report gives a finding about the file, or about one trace when its evidence lies in no other, and the place that it
// is shown at. Avoidable time is graded as a share of what the traces of the evidence lasted together.
func (p *FilePass) Report(at Place, source string, f Finding) {
	f.Trace, f.Anchor, f.Service = at.Trace, at.Span, cmp.Or(f.Service, at.Data().Service())
	f.Where, f.WhereService = p.whereOf(&f)
	total, path, traces, cut := p.affected(&f)
	f.Evidence = bounded(f.Evidence)
	f.File = traces != 1
	f.Numbers.shareOf(path)
	f.Fingerprint = Fingerprint(p.detector.Name, nil, source)
	f = p.detector.Complete(f)
	if 2*cut > traces {
		f.boundBelow()
	}
	p.report(f, total)
}

// Complete fills in what a finding has from its detector.
func (d *Detector) Complete(f Finding) Finding {
	f.Detector, f.Relations, f.Service = d.Name, d.Relations, secrets.Masked(f.Service)
	f.Where, f.WhereService = secrets.Masked(f.Where), secrets.Masked(f.WhereService)
	if f.Remedies == nil {
		f.Remedies = d.Remedies
	}
	f.Limits = append(append([]string(nil), f.Limits...), d.Limits...)
	return f
}

// Fingerprint hashes what stays the same when the incident happens again.
func Fingerprint(detector string, path []string, source string) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%q\x00%s", detector, path, source)
	return fmt.Sprintf("%016x", h.Sum64())
}
