package waiting

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// QueueLagThresholds are the gates of queue-lag.
type QueueLagThresholds struct {
	Wait   time.Duration `toml:"wait" source:"default"`
	Share  float64       `toml:"share" unit:"share of the time from the start of the sending trace to the end of processing" source:"default"`
	Long   time.Duration `toml:"long" source:"default; medium from here on"`
	Points int           `toml:"points" unit:"messages" source:"default; fewer cannot be split into windows"`
	Tau    float64       `toml:"tau" unit:"rank correlation with time" source:"as in growing-trend"`
	P      float64       `toml:"p" unit:"probability" source:"as in growing-trend"`
}

// QueueLag finds: messages that waited.
var QueueLag = rule.Detector{
	ID: "D23", Name: "queue-lag", Title: "Queue wait (consumer lag)",
	Thresholds: &QueueLagThresholds{Wait: time.Second, Share: 0.5, Long: 10 * time.Second, Points: 20, Tau: 0.7, P: 0.01},
	Doc: "A message waited in a queue for longer than its processing took. The consumer is fast; messages reach it late: " +
		"too few consumers, a stuck partition, a long poll interval.",
	Rule: "the wait from the end of the producer span, or from the recorded enqueue time, to the start of the consumer span, less clock uncertainty, is at least " +
		"`wait` and `share` of the time from the start of the sending trace to the end of processing. Delayed and redelivered messages do not count. " +
		"With ≥ `points` messages whose wait rises over time (rank correlation ≥ `tau`, p < `p`) the backlog grows.",
	Example:  "1 of 1 message in orders waited 12 s before fulfilment processed it in 30 ms.",
	Remedies: []string{"add consumers or partitions", "find a message that blocks its partition", "shorten the poll interval", "alert on the age of the oldest message"},
	Limits:   []string{"queue length is not recorded in traces", "cannot separate producer delay from broker delay"},
	File:     findQueueLag,
}

// message is one message with its way through the queue.
type message struct {
	patterns.Handover
	wait     int64 // ns, at least: the error of the clocks is taken off
	raw      int64 // ns
	compared bool  // the clocks of both hosts could be compared
}

// queueKey is one destination that one service reads.
type queueKey struct{ service, destination string }

// queue is the messages of one destination that one service processed.
type queue struct{ all, late []message }

func findQueueLag(p *rule.FilePass) {
	th := rule.ThresholdsOf[QueueLagThresholds](p)
	var queues rule.Groups[queueKey, queue]
	offsets := rule.NewOffsets(p.Clocks)
	for _, h := range patterns.Handovers(p.Traces) {
		if h.Delayed || h.Again {
			continue
		}
		to := h.To.Trace.Span(h.Received)
		k := queueKey{to.Service(), cmp.Or(h.To.Op(h.Received).Template, h.To.Op(h.Received).Label())}
		queues.Of(k).add(deliver(h, offsets), th)
	}
	for k, q := range queues.All() {
		if len(q.late) > 0 {
			reportQueue(p, k, q)
		}
	}
}

// deliver works out how long a message waited.
//
//	sender    |--publish--|
//	consumer                 . . . wait . . .  |--process--|
func deliver(h patterns.Handover, offsets *rule.Offsets) message {
	if h.From == nil {
		return message{Handover: h, raw: h.Queued, wait: h.Queued}
	}
	from, to := h.From.Trace.Span(h.Sent), h.To.Trace.Span(h.Received)
	clock := offsets.Between(from.Resource(), to.Resource(), from.Trace().Root().Start())
	d := message{Handover: h, compared: clock.Known}
	d.raw = to.Start() + clock.Offset - from.Finish()
	d.wait = d.raw - clock.Uncertainty
	return d
}

func (q *queue) add(d message, th *QueueLagThresholds) {
	q.all = append(q.all, d)
	whole := d.raw + d.To.Trace.Span(d.Received).Duration()
	if d.From != nil {
		whole += d.From.Trace.Span(d.Sent).Finish() - d.From.Trace.Start()
	}
	if d.wait >= int64(th.Wait) && float64(d.wait) >= th.Share*float64(whole) {
		q.late = append(q.late, d)
	}
}

func reportQueue(p *rule.FilePass, k queueKey, q *queue) {
	th := rule.ThresholdsOf[QueueLagThresholds](p)
	recorded := slices.ContainsFunc(q.late, func(d message) bool { return d.From == nil })
	wait := stats.Median(rule.Floats(q.late, func(d message) float64 { return float64(d.raw) }))
	processing := stats.Median(rule.Floats(q.late, func(d message) float64 { return float64(d.To.Trace.Span(d.Received).Duration()) }))
	processed := "it in " + units.Lasted(int64(processing))
	if len(q.late) > 1 {
		processed = fmt.Sprintf("them (median %s)", units.Lasted(int64(processing)))
	}
	f := rule.Finding{
		Kind: fmt.Sprintf("queue wait in %s: %s", rule.Quoted(k.destination), units.Lasted(int64(wait))),
		Message: fmt.Sprintf("%s of %s in %s waited %s%s before %s processed %s.", trace.Grouped(len(q.late)), rule.Calls(len(q.all), "message"), rule.Quoted(k.destination),
			rule.MedianOf(len(q.late)), units.Lasted(int64(wait)), rule.Named(k.service), processed),
		Numbers: rule.Numbers{Count: len(q.late), More: []rule.Number{{Name: "wait_nano", Value: wait}, {Name: "processing_nano", Value: processing}}},
		Checks: []rule.Check{
			{Name: "clock offset between the hosts known", Passed: !slices.ContainsFunc(q.late, func(d message) bool { return !d.compared })},
			{Name: "more than one message", Passed: len(q.late) > 1},
			{Name: "processing took ≤ 10 % of the wait", Passed: 10*processing <= wait},
		},
		Confidence: 0.5,
		Risk:       0.05,
		Cap:        new(rule.Medium),
		Service:    k.service,
	}
	f.Gain(0.2, 0.1, 0.1)
	if recorded {
		f.Message += " The enqueue time is recorded in the consumer span."
		f.Limits = append(f.Limits, "clock offset between broker and consumer unknown")
	}
	if wait >= float64(oncePerDay) {
		f.Cap = new(rule.Low)
		f.Limits = append(f.Limits, "a daily batch job looks the same")
	} else if wait >= float64(th.Long) {
		f.Risk = 0.15
	}
	if values, rising := q.backlog(th); rising {
		f.Cap, f.Risk = new(rule.High), 0.3
		f.Message += fmt.Sprintf(" The wait rose from %s to %s: the backlog is growing.", units.Lasted(int64(values[0])), units.Lasted(int64(values[len(values)-1])))
	}
	for _, d := range q.late {
		f.Numbers.Sum = clocks.Add(f.Numbers.Sum, d.raw)
		if d.From != nil {
			f.Evidence = append(f.Evidence, rule.Place{Facts: d.From, Span: d.Sent}.As(rule.RoleParent))
		}
		f.Evidence = append(f.Evidence, rule.Place{Facts: d.To, Span: d.Received}.As(rule.RoleOffender))
	}
	longest := slices.MaxFunc(q.late, func(a, b message) int { return cmp.Compare(a.wait, b.wait) })
	p.Report(rule.Place{Facts: longest.To, Span: longest.Received}, k.service+" "+k.destination, f)
}

// oncePerDay is from when on a wait may be that for a job of the night.
const oncePerDay = 6 * time.Hour

// backlog reports whether the waits of the queue's messages rose with time, and their windows.
func (q *queue) backlog(th *QueueLagThresholds) (windows []float64, rising bool) {
	const most, least = 12, 4
	if len(q.all) < th.Points {
		return nil, false
	}
	all := slices.Clone(q.all)
	slices.SortStableFunc(all, func(a, b message) int {
		return cmp.Compare(a.To.Trace.Span(a.Received).Start(), b.To.Trace.Span(b.Received).Start())
	})
	waits := rule.Floats(all, func(d message) float64 { return float64(max(d.raw, 0)) })
	windows = stats.Windows(waits, min(most, len(waits)/least))
	trend := stats.MannKendall(windows)
	return windows, trend.Tau >= th.Tau && trend.P < th.P
}
