package repetition

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/baseline"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// RetryStormThresholds are the gates of retry-storm.
type RetryStormThresholds struct {
	Attempts     int           `toml:"attempts" unit:"calls" source:"SRE book: at most 3 per request; 2 count only if marked as attempts"`
	Backoff      time.Duration `toml:"backoff" source:"measured; a shorter gap counts as no backoff"`
	Storm        int           `toml:"storm" unit:"calls" source:"SRE book: cap of 3 attempts"`
	Traces       int           `toml:"traces" unit:"traces" source:"default; from here on the retry rate of the file is reported"`
	Ratio        float64       `toml:"ratio" unit:"times the calls of other traces" source:"default; load doubled"`
	Redeliveries int           `toml:"redeliveries" unit:"deliveries" source:"common broker alert level"`
}

// RetryStorm finds: retry storm.
var RetryStorm = rule.Detector{
	ID: "D01", Name: "retry-storm", Title: "Retry storm",
	Thresholds: &RetryStormThresholds{Attempts: 3, Backoff: 50 * time.Millisecond, Storm: 4, Traces: 3, Ratio: 2, Redeliveries: 3},
	Doc: "A failing call was retried many times. Without backoff, or with retries at several layers, one request multiplies into many " +
		"at a service that is already in trouble.",
	Rule: "at least `attempts` calls of one operation under one span with the same recorded parameters, each started after the previous one " +
		"failed; 2 calls if they are marked as attempts (info). A gap under `backoff` counts as no backoff. Nested retries count as one finding with the innermost " +
		"calls. Redirects, authentication challenges, overlapping calls and rejected batch items are not retries. `storm` or more calls make it a storm; fewer do if " +
		"at least `traces` traces of the file retried the call and made `ratio` times the calls of the other traces. Also: messages delivered `redeliveries` times or more.",
	Example:   "5 calls to POST /charge at payment-service:8080 under POST /checkout, all failed with 503, 400 µs apart (no backoff). Retry amplification ×5. Failed attempts took 4.92 s of the 5.02 s critical path.",
	Remedies:  []string{"limit to 3 attempts", "exponential backoff with jitter", "a retry budget", "retry at one layer only", "honour Retry-After", "add a circuit breaker"},
	Limits:    []string{"without server spans, cannot tell whether the server processed the failed attempts"},
	Trace:     findRetryStorm,
	Relations: rule.Relations{Strength: 7, Counts: true},
}

func findRetryStorm(p *rule.Pass) {
	n := nest(p.Facts, rule.ThresholdsOf[RetryStormThresholds](p).Attempts)
	var spread *failure.Spread
	if len(n.chains) > 0 {
		spread = failure.NewSpread(p.Facts)
	}
	for c := range n.chains {
		if n.host[c] < 0 && !n.short[c] {
			reportStorm(p, n, c, spread)
		}
	}
	findRecorded(p, n)
	findRedelivery(p)
}

// storm is a chain of attempts with what lies within them.
type storm struct {
	p      *rule.Pass
	chain  *patterns.Chain
	layers []int // the most attempts at one call, by layer
	leaves []int // the calls at the bottom
	failed int   // of the leaves
	low    int64 // ns, the shortest wait between attempts
	high   int64
	wait   string // how they waited
	rate   baseline.RetryRate
}

func reportStorm(p *rule.Pass, n *nesting, c int, spread *failure.Spread) {
	s := storm{p: p, chain: &n.chains[c]}
	s.leaves, s.layers = n.leaves(p.Facts, c)
	if s.refused() {
		return
	}
	s.rate = p.Retried.Op(p.OpNumber(s.leaves[0]))
	for _, i := range s.leaves {
		if p.Failed(i) || p.Failure(i) != semconv.ErrorNone {
			s.failed++
		}
	}
	s.waits(n.innermost(c))
	spans := s.chain.Spans
	f := rule.Finding{
		Anchor: s.chain.Parent, Service: p.Op(spans[0]).Service,
		Evidence: append(p.Spans(rule.RoleParent, s.chain.Parent), p.Spans(rule.RoleOffender, s.leaves...)...),
		Numbers: rule.Numbers{
			Count: len(s.leaves), Union: p.Union(s.leaves), Sum: p.Sum(s.leaves), Critical: p.CriticalOf(spans), Avoidable: s.avoidable(),
			More: []rule.Number{{Name: "failed", Value: float64(s.failed)}, {Name: "layers", Value: float64(len(s.layers))}, {Name: "longest_gap_nano", Value: float64(s.high)}},
		},
	}
	last := s.chain.Last()
	recovered := !p.Failed(last)
	f.ErrorWeight = p.ErrorWeight(spread, last)
	if recovered {
		f.ErrorWeight = rule.WeightRecovered
	}
	switch {
	case len(s.leaves) < rule.ThresholdsOf[RetryStormThresholds](p).Attempts:
		f.Cap = new(rule.Info)
	case recovered && s.wait != noBackoff && len(s.leaves) < rule.ThresholdsOf[RetryStormThresholds](p).Storm:
		f.Cap = new(rule.Low) // what retries are for
	case recovered && float64(f.Numbers.Avoidable) < rule.ScoreLow*float64(p.PathLength()):
		f.Cap = new(rule.Medium) // it cost this request next to nothing
		if len(s.leaves) < rule.ThresholdsOf[RetryStormThresholds](p).Storm {
			f.Cap = new(rule.Low)
		}
	}
	s.word(&f, recovered)
	s.certainty(&f)
	p.Report(p.Op(spans[0]).Label(), f)
}

// refused reports whether the calls were turned down for what they asked, with nothing to say that they asked the same:
// a loop over things that are all wrong.
func (s *storm) refused() bool {
	return !s.chain.Marked && !s.chain.Visible && !slices.ContainsFunc(s.leaves, func(i int) bool {
		return s.p.Failure(i) != semconv.ErrorClient && s.p.Failure(i) != semconv.ErrorNone
	})
}

// noBackoff names attempts without a wait between them.
const noBackoff = "no backoff"

// waits measures the waits between the attempts of the innermost chain, and names how they were chosen.
func (s *storm) waits(c *patterns.Chain) {
	t := s.p.Facts.Trace
	gaps := make([]float64, len(c.Spans)-1)
	s.low = math.MaxInt64
	for n := range gaps {
		gap := max(t.Span(c.Spans[n+1]).Start()-t.Span(c.Spans[n]).Finish(), 0)
		s.low, s.high = min(s.low, gap), max(s.high, gap)
		gaps[n] = float64(gap)
	}
	recorded := patterns.RetriesOf(s.p.Facts, c.Parent)
	if s.high < int64(rule.ThresholdsOf[RetryStormThresholds](s.p).Backoff) || recorded.HasDelay && recorded.Delay == 0 {
		s.wait = noBackoff
		return
	}
	s.wait = backoff(gaps)
}

// backoff names a series of waits: exponential where most grow by 1.5 to 3, fixed where they vary by less than 20 %.
func backoff(gaps []float64) string {
	if len(gaps) < 2 {
		return "backoff"
	}
	growing := 0
	for n := 1; n < len(gaps); n++ {
		if r := gaps[n] / max(gaps[n-1], 1); r >= 1.5 && r <= 3 {
			growing++
		}
	}
	mean, variance := meanAndVariance(gaps)
	deviation := math.Sqrt(max(variance, 0))
	switch {
	case 10*growing >= 6*(len(gaps)-1):
		return "exponential backoff"
	case deviation < 0.2*mean:
		return "fixed backoff"
	}
	return "irregular backoff"
}

// avoidable is the critical time of all attempts but the last and of the waits between them.
func (s *storm) avoidable() int64 {
	p, spans := s.p, s.chain.Spans
	sum := p.CriticalOf(spans[:len(spans)-1])
	if sum == 0 {
		return 0
	}
	within := p.Timing.Effective(s.chain.Parent)
	for n := 1; n < len(spans); n++ {
		from := max(p.Timing.Own(spans[n-1]).End, within.Start)
		to := min(p.Timing.Own(spans[n]).Start, within.End)
		sum += max(to-from, 0)
	}
	return min(sum, p.PathLength())
}

func (s *storm) word(f *rule.Finding, recovered bool) {
	p, n := s.p, len(s.leaves)
	switch th := *rule.ThresholdsOf[RetryStormThresholds](p); {
	case n >= th.Storm, n >= th.Attempts && s.everywhere():
		f.Kind, f.Times = "retry storm", n
	case n >= th.Attempts:
		f.Kind, f.Times = "retries", n
	default:
		f.Kind = "1 retry"
	}
	how := trace.Grouped(s.failed) + " failed"
	if s.failed == n {
		how = "all failed"
	}
	if reasons := p.Reasons(s.leaves); reasons != failure.Unspecified {
		how += " with " + reasons
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s to %s under %s, %s, %s apart (%s).", rule.Calls(n, "call"), p.Callee(s.leaves[0]), p.Quoted(s.chain.Parent), how, rule.Between(s.low, s.high), s.wait)
	if len(s.layers) > 1 {
		fmt.Fprintf(&b, " Retries at %d layers: %s.", len(s.layers), s.widths())
	}
	if n >= rule.ThresholdsOf[RetryStormThresholds](p).Attempts {
		fmt.Fprintf(&b, " Retry amplification ×%s.", trace.Grouped(n))
	}
	spans := s.chain.Spans
	if recovered {
		b.WriteString(" The last attempt succeeded.")
		spans = spans[:len(spans)-1]
	}
	if critical := p.CriticalOf(spans); critical > 0 {
		fmt.Fprintf(&b, " Failed attempts took %s of the %s critical path.", units.Lasted(critical), units.Lasted(p.PathLength()))
	}
	b.WriteString(s.inFile())
	f.Message, f.Counted = b.String(), true
}

// widths writes how the layers multiply: "3 × 3 × 3", or "up to 3 × 2" where not every attempt was tried again.
func (s *storm) widths() string {
	widths, product := make([]string, len(s.layers)), 1
	for k, w := range s.layers {
		widths[k] = trace.Grouped(w)
		product *= w
	}
	if product != len(s.leaves) {
		return "up to " + strings.Join(widths, " × ")
	}
	return strings.Join(widths, " × ")
}

// everywhere reports whether the attempts multiplied the calls of the whole file.
func (s *storm) everywhere() bool {
	th := *rule.ThresholdsOf[RetryStormThresholds](s.p)
	return s.rate.RetriedTraces >= th.Traces && s.rate.Amplification() >= th.Ratio
}

// inFile says how many traces of the file tried the call again, "" where that is not many.
func (s *storm) inFile() string {
	r := s.rate
	if r.RetriedTraces < rule.ThresholdsOf[RetryStormThresholds](s.p).Traces {
		return ""
	}
	retried, otherwise := r.PerTrace()
	text := fmt.Sprintf(" %s of %s with this call retried it: %.3g calls per trace", trace.Grouped(r.RetriedTraces), rule.Calls(r.Traces, "trace"), retried)
	if r.RetriedTraces < r.Traces {
		text += fmt.Sprintf(", %.3g in the others", otherwise)
	}
	return text + "."
}

func (s *storm) certainty(f *rule.Finding) {
	p := s.p
	before := s.chain.Spans[:len(s.chain.Spans)-1]
	f.Checks = []rule.Check{
		{Name: "marked as retries by the SDK", Passed: s.chain.Marked},
		{Name: "every attempt before the last failed", Passed: !slices.ContainsFunc(before, func(i int) bool {
			return p.Failure(i) == semconv.ErrorNone && p.Class(i) != semconv.ClassInternal && p.Class(i) != semconv.ClassCall
		})},
		{Name: "parameters are equal", Passed: s.chain.Visible, Unseen: !s.chain.Visible},
		{Name: "all calls went to one peer", Passed: s.peers() == 1},
		{Name: "retries at several layers", Passed: len(s.layers) > 1 && (s.chain.Marked || slices.Max(s.layers) >= rule.ThresholdsOf[RetryStormThresholds](p).Attempts)},
	}
	f.Gain(0.4, 0.3, 0.2, 0.1, 0.2)
}

// peers counts whom the attempts went to: the peer of the operation, or the addresses of each.
func (s *storm) peers() int {
	p := s.p
	if p.Op(s.leaves[0]).Peer != "" {
		return 1
	}
	var c semconv.Canonical
	addresses := rule.Distinct(s.leaves, func(i int) string {
		p.Canonical(i, &c)
		return semconv.PeerAddress(&c)
	})
	return len(slices.DeleteFunc(addresses, func(address string) bool { return address == "" }))
}
