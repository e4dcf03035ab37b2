package failures

import (
	"fmt"
	"slices"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// DuplicateWriteThresholds are the gates of duplicate-write.
type DuplicateWriteThresholds struct {
	Writes int `toml:"writes" unit:"writes" source:"default"`
}

// DuplicateWrite finds: duplicate write.
var DuplicateWrite = rule.Detector{
	ID: "D02", Name: "duplicate-write", Title: "Duplicate write",
	Thresholds: &DuplicateWriteThresholds{Writes: 2},
	Doc: "A call was retried after it had failed for the caller, but the first attempt had already written: orders are placed twice, " +
		"cards charged twice.",
	Rule: "at least `writes` attempts at one call, of which all but the last failed for the caller, executed the same insert, update, publish or " +
		"third-party call, and no write failed or was rolled back. Info: upserts, idempotency keys, conflicts, and writes that were deleted again. Reported as possible: a timed-out " +
		"attempt without server spans, calls that may be a loop over different items, and statements whose server failed without a COMMIT. " +
		"Also the same INSERT with equal values under two server spans of one operation.",
	Example:   "Attempt 1 of POST /orders at order-service failed for the caller after 2.5 s (timeout), but its server continued for at least 110 ms. 2 of 2 attempts executed INSERT INTO orders(id) VALUES (?*).",
	Remedies:  []string{"send an idempotency key", "add a unique constraint or a table of processed requests", "do not retry non-idempotent calls after a timeout", "propagate deadlines and cancel the work"},
	Limits:    []string{"the trace does not show whether the second write changed data"},
	Trace:     findDuplicateWrites,
	Relations: rule.Relations{Strength: 8},
}

func findDuplicateWrites(p *rule.Pass) {
	w := writeList{p: p, undone: patterns.RolledBack(p.Facts)}
	chains := patterns.Chains(p.Facts)
	claimed := 0 // spans before this index lie below a reported chain
	for n := range chains {
		c := &chains[n]
		if c.Parent < claimed {
			continue
		}
		w.read()
		if w.reportChain(c) {
			claimed = p.Facts.Trace.End(c.Last())
		}
	}
	w.reportRepeated()
}

// writeList is the writes of a trace that took effect, in order.
type writeList struct {
	p       *rule.Pass
	undone  []bool
	spans   []int
	done    bool
	claimed map[int]bool
}

func (w *writeList) read() {
	if w.done {
		return
	}
	w.done, w.claimed = true, map[int]bool{}
	t := w.p.Facts.Trace
	for i := t.First(); i < t.Len(); i++ {
		if (w.undone == nil || !w.undone[i]) && patterns.Writes(w.p.Facts, i) {
			w.spans = append(w.spans, i)
		}
	}
}

// between returns the writes among the spans from an index to another, which is not part of it.
func (w *writeList) between(from, to int) []int {
	first, _ := slices.BinarySearch(w.spans, from)
	last, _ := slices.BinarySearch(w.spans, to)
	return w.spans[first:last]
}

// repeatedWrite is a write that several attempts executed.
type repeatedWrite struct {
	first    int // index into the chain
	attempts []int
	writes   []int
}

// find looks for the first operation that two attempts wrote, nil for none.
func (w *writeList) find(c *patterns.Chain) *repeatedWrite {
	const most = 1000 // writes looked at in one attempt
	var byOp rule.Groups[int32, repeatedWrite]
	for n, attempt := range c.Spans {
		list := w.between(attempt, w.p.Facts.Trace.End(attempt))
		for _, i := range list[:min(len(list), most)] {
			r := byOp.Of(w.p.OpNumber(i))
			k := len(r.attempts)
			if k == 0 {
				r.first = n
			}
			if k == 0 || r.attempts[k-1] != attempt {
				r.attempts, r.writes = append(r.attempts, attempt), append(r.writes, i)
			}
		}
	}
	for _, r := range byOp.All() {
		if len(r.attempts) >= rule.ThresholdsOf[DuplicateWriteThresholds](w.p).Writes {
			return r
		}
	}
	return nil
}

func (w *writeList) reportChain(c *patterns.Chain) bool {
	p := w.p
	r := w.find(c)
	if r == nil {
		return w.reportUnseen(c)
	}
	attempts, first := r.attempts, r.attempts[0]
	f := w.finding(c, attempts, r.writes)
	f.Kind, f.Times = "duplicate write", len(attempts)
	f.Message = fmt.Sprintf("Attempt %d of %s failed for the caller after %s%s", r.first+1, p.Callee(first), units.Lasted(p.Raw(first)), failure.InBrackets(p.Facts, first))
	if server := p.Server(first); server >= 0 && p.Raw(server) > p.Raw(first) {
		after := p.Raw(server) - p.Raw(first) // of two durations: whatever the clocks say
		f.Message += fmt.Sprintf(", but its server continued for at least %s", units.Lasted(after))
		f.Numbers.More = append(f.Numbers.More, rule.Number{Name: "orphaned_nano", Value: float64(after)})
	}
	f.Message += fmt.Sprintf(". %s of %s executed %s.", trace.Grouped(len(attempts)), rule.Calls(len(c.Spans), "attempt"), p.Quoted(r.writes[0]))
	f.Checks = []rule.Check{
		{Name: "same write in " + rule.Calls(len(attempts), "attempt"), Passed: true},
		{Name: "caller stopped waiting", Passed: w.gaveUp(first)},
		{Name: "operation is not idempotent", Passed: patterns.NonIdempotent(p.Facts, first)},
		{Name: "no idempotency key, upsert or conflict", Passed: true},
	}
	f.Confidence = 0.75
	f.Gain(0, 0.15)
	w.loop(&f, c)
	if w.uncommitted(first, r.writes[0]) {
		f.Confidence = min(f.Confidence, 0.45)
		f.Message += fmt.Sprintf(" Attempt %d failed in its server after the write; the trace does not show a COMMIT.", r.first+1)
	}
	if why := w.harmless(c, r); why != "" {
		f.Checks[3].Passed = false
		f.Kind, f.Times, f.Message = "repeated write", 0, f.Message+" "+why
		f.Cap, f.Risk = new(rule.Info), 0
	} else if patterns.Repeatable(p.Facts, first) {
		f.Message += " " + p.Op(first).Name + " is idempotent by design."
		f.Cap = new(rule.Low)
	}
	for _, i := range r.writes {
		w.claimed[i] = true
	}
	p.Report(p.Op(first).Label()+p.Op(r.writes[0]).Label(), f)
	return true
}

func (w *writeList) finding(c *patterns.Chain, attempts, writes []int) rule.Finding {
	p := w.p
	return rule.Finding{
		Anchor: c.Parent, Service: p.Op(attempts[0]).Service, Risk: 0.6, Numbers: p.Measure(attempts),
		Evidence: slices.Concat(p.Spans(rule.RoleParent, c.Parent), p.Spans(rule.RoleCause, attempts[0]), p.Spans(rule.RoleOffender, attempts...), p.Spans(rule.RoleWrite, writes...)),
	}
}

// gaveUp reports whether the caller stopped waiting for span i without an answer.
func (w *writeList) gaveUp(i int) bool {
	class := w.p.Failure(i)
	return class == semconv.ErrorTimeout || class == semconv.ErrorCancelled || class == semconv.ErrorReset
}

// harmless says what in the trace indicates that the write took effect once only, "" for nothing.
func (w *writeList) harmless(c *patterns.Chain, r *repeatedWrite) string {
	p := w.p
	var sent []int
	for _, i := range c.Spans {
		sent = append(sent, i, p.Server(i))
	}
	if key := w.key(append(sent, r.writes...)...); key != "" {
		return fmt.Sprintf("An idempotency key was sent (%s).", key)
	}
	if w.takenBack(r) {
		return fmt.Sprintf("Attempt %d deleted it again.", r.first+1)
	}
	if patterns.Repeatable(p.Facts, r.writes[0]) && p.Class(r.writes[0]) == semconv.ClassSQL {
		return "It is an upsert."
	}
	if p.Failure(c.Last()) == semconv.ErrorConflict {
		return "The last attempt ended in a conflict."
	}
	var one, other semconv.Canonical
	p.Canonical(r.writes[0], &one)
	p.Canonical(r.writes[1], &other)
	if id := one.Text(semconv.MsgID); id != "" && id == other.Text(semconv.MsgID) {
		return "Both messages have the same id."
	}
	return ""
}

// key returns the first idempotency key among spans, "" where there is none.
func (w *writeList) key(spans ...int) string {
	for _, i := range spans {
		if i < 0 {
			continue
		}
		if key := patterns.IdempotencyKey(w.p.Facts, i); key != "" {
			return key
		}
	}
	return ""
}

// uncommitted reports whether a statement may have been rolled back although no span records it: something between it and
// the attempt failed, and no COMMIT follows.
func (w *writeList) uncommitted(attempt, write int) bool {
	p, t := w.p, w.p.Facts.Trace
	if p.Class(write) != semconv.ClassSQL {
		return false
	}
	failed := false
	for up := t.Parent(write); up > attempt; up = t.Parent(up) {
		failed = failed || p.Failed(up)
	}
	return failed && !patterns.Committed(p.Facts, write, t.End(attempt))
}

// takenBack reports whether the first attempt deleted from the table that it had written to: a compensation.
func (w *writeList) takenBack(r *repeatedWrite) bool {
	p, first := w.p, r.writes[0]
	tables := p.Detail(first).Statement.Tables
	if len(tables) == 0 || p.Detail(first).Statement.Verb == "DELETE" {
		return false
	}
	for _, i := range w.between(first+1, p.Facts.Trace.End(r.attempts[0])) {
		if st := p.Detail(i).Statement; st.Verb == "DELETE" && slices.Contains(st.Tables, tables[0]) {
			return true
		}
	}
	return false
}

// loop makes a finding less certain where the calls may have been for different things: what they asked for is not
// visible, nothing marks them as attempts, and more of them ran beside.
func (w *writeList) loop(f *rule.Finding, c *patterns.Chain) {
	if c.Visible || c.Marked || c.Beside == 0 {
		return
	}
	f.Confidence = 0.4
	f.Message += fmt.Sprintf(" Parameters are not recorded and %s of the same operation ran in the same span: they may be for different items.",
		rule.Calls(c.Beside, "call"))
	f.Checks = append(f.Checks, rule.Check{Name: "parameters are equal", Unseen: true})
}

// reportUnseen reports an attempt whose caller gave up and whose callee has no spans, before one that worked.
func (w *writeList) reportUnseen(c *patterns.Chain) bool {
	p := w.p
	last := c.Last()
	if p.Outcome(last) > semconv.OutcomeHandled || w.key(c.Spans...) != "" {
		return false
	}
	for n, i := range c.Spans[:len(c.Spans)-1] {
		if !w.gaveUp(i) || failure.NeverSent(p.Facts, i) || !p.Leaf(i) || p.Kind(i) != trace.KindClient || p.Detail(i).Read || !patterns.NonIdempotent(p.Facts, i) || patterns.Repeatable(p.Facts, i) ||
			p.Class(i) != semconv.ClassHTTP && p.Class(i) != semconv.ClassRPC {
			continue
		}
		f := w.finding(c, []int{i, last}, nil)
		f.Kind, f.Possible = "duplicate write", true
		f.Message = fmt.Sprintf("Attempt %d of %s failed for the caller after %s%s and attempt %d succeeded; attempt %d has no server spans, so it may have written too.",
			n+1, p.Callee(i), units.Lasted(p.Raw(i)), failure.InBrackets(p.Facts, i), len(c.Spans), n+1)
		f.Confidence, f.Cap = 0.6, new(rule.Medium)
		f.Checks = []rule.Check{{Name: "caller stopped waiting", Passed: true}, {Name: "operation is not idempotent", Passed: true}, {Name: "failed attempt reached the server", Unseen: true}}
		w.loop(&f, c)
		p.Report(p.Op(i).Label(), f)
		return true
	}
	return false
}
