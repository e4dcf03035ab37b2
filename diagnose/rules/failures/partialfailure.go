package failures

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// PartialFailureThresholds are the bounds of partial-failure.
type PartialFailureThresholds struct {
	Origins int `toml:"origins" unit:"failures" source:"default; further failures of a trace are not checked"`
	Writes  int `toml:"writes" unit:"writes" source:"default"`
}

// PartialFailure finds: partial failure.
var PartialFailure = rule.Detector{
	ID: "D11", Name: "partial-failure", Title: "Partial failure",
	Thresholds: &PartialFailureThresholds{Origins: 8, Writes: 1},
	Doc: "A request wrote data, a later step failed, and the trace shows no compensation: an order without stock, a charge without an order. " +
		"Worse when the request still returned success.",
	Rule: "successful writes (at least `writes`), then a failed non-read call to another service or resource under the same span, and after it " +
		"no ROLLBACK, no DELETE or UPDATE of the same table, and no operation named cancel, revert, undo, compensate, release, refund or void (except locks and " +
		"connections). With two or more successful requests in the file, the calls that all of them made and this one skipped are listed.",
	Example:   "POST /api/orders executed INSERT INTO orders(id) VALUES (?*), then shop.Inventory/Reserve failed (INTERNAL); no compensation in the trace.",
	Remedies:  []string{"add a compensating action per step", "use an outbox or a saga", "run the step that may fail first", "add a reconciliation job"},
	Limits:    []string{"compensation in another trace is not visible", "the trace does not show which calls would have followed"},
	Trace:     findPartialFailures,
	Relations: rule.Relations{Absence: rule.AbsenceSpans},
}

func findPartialFailures(p *rule.Pass) {
	origins := originsOf(p.Facts)
	if len(origins) == 0 {
		return
	}
	w := writeList{p: p, undone: patterns.RolledBack(p.Facts)}
	w.read()
	if len(w.spans) == 0 {
		return
	}
	reported, undoers := map[int]bool{}, rule.Memo[string, bool]{} // anchors; names
	for n, o := range origins {
		if n == rule.ThresholdsOf[PartialFailureThresholds](p).Origins {
			return
		}
		if o.class != propagated && o.class != masked && o.class != swallowed {
			continue
		}
		if b := (broken{p: p, writes: &w, undoers: undoers, origin: o}); b.find() && !reported[b.anchor] && !b.compensated() {
			reported[b.anchor] = true
			b.report()
		}
	}
}

// broken is a failure with the writes before it.
//
//	anchor  |------------------|
//	  write   |==|
//	  step         |-----✗|
//	    origin        |-✗|
type broken struct {
	p       *rule.Pass
	writes  *writeList
	undoers rule.Memo[string, bool] // names that were met, and whether they undo something
	origin  origin
	anchor  int
	step    int   // the child of the anchor that failed
	done    []int // the writes
}

// find climbs from the failure as far as it went, and one further, and takes the highest span under which something
// else was written before.
func (b *broken) find() bool {
	p, t := b.p, b.p.Facts.Trace
	remote := false // the failure came from outside the process
	for step := b.origin.span; ; {
		anchor := t.Parent(step)
		if anchor < t.First() || p.Timing.Async(step) {
			break
		}
		remote = remote || p.Class(step).Remote()
		if before := len(b.done); remote && !p.Detail(step).Read {
			b.take(anchor, step)
			b.take(t.End(step), t.End(anchor))
			if len(b.done) > before {
				b.anchor, b.step = anchor, step
			}
		}
		if step == b.origin.top {
			break
		}
		step = anchor
	}
	slices.Sort(b.done)
	return len(b.done) >= rule.ThresholdsOf[PartialFailureThresholds](p).Writes
}

// take adds the writes of a range of spans that ended before the failure began and went elsewhere.
func (b *broken) take(from, to int) {
	const most = 100 // evidence that a person looks at
	p := b.p
	begin := p.Timing.Own(b.origin.span).Start
	for _, i := range b.writes.between(from, to) {
		if len(b.done) == most {
			return
		}
		if p.Timing.Own(i).End <= begin && !b.sameResource(i) && (p.Class(i) != semconv.ClassSQL || !patterns.Repeatable(p.Facts, i)) {
			b.done = append(b.done, i)
		}
	}
}

// sameResource reports whether a write went where the failure was: then both may be one transaction.
func (b *broken) sameResource(i int) bool {
	one, other := b.p.Op(i), b.p.Op(b.origin.span)
	return one.Service == other.Service && one.Class == other.Class && one.Peer == other.Peer
}

// letGo are names of what is released after every request, failed or not.
var letGo = regexp.MustCompile(`(?i)lock|mutex|semaphore|lease|connection|(^|[^a-z])conn([^a-z]|$)|pool`)

var undoing = regexp.MustCompile(`(?i)cancel|revert|undo|compensat|rollback|roll_back|release|refund|(^|[^a-z])void|restore|dead.?letter|\bsaga\b|outbox`)

// undoes reports whether a name says that something is undone. Names repeat, and patterns are slow.
func (b *broken) undoes(name string) bool {
	return b.undoers.Of(name, func() bool { return undoing.MatchString(name) && !letGo.MatchString(name) })
}

// compensated reports whether something after the failure undoes one of the writes, or tries to.
func (b *broken) compensated() bool {
	p, t := b.p, b.p.Facts.Trace
	failed := p.Timing.Own(b.origin.span).Start
	tables := map[string]bool{}
	for _, i := range b.done {
		for _, table := range p.Detail(i).Statement.Tables {
			tables[table] = true
		}
	}
	for i := t.First(); i < t.Len(); i++ {
		if p.Timing.Own(i).Start < failed || i == b.origin.span {
			continue
		}
		if p.Class(i) == semconv.ClassTx && strings.Contains(strings.ToUpper(t.Span(i).Name()+p.Op(i).Template), "ROLLBACK") ||
			b.undoes(t.Span(i).Name()) || b.undoes(p.Op(i).Template) {
			return true
		}
		if s := p.Detail(i).Statement; (s.Verb == "DELETE" || s.Verb == "UPDATE") && slices.ContainsFunc(s.Tables, func(table string) bool { return tables[table] }) {
			return true
		}
	}
	return false
}

// notCalled names what requests that went well went on to call after the step that failed here, and that this one
// did not call, and how many such requests there are.
func (b *broken) notCalled() (names []string, requests int) {
	const fewest = 2 // one request is no habit
	p := b.p
	request := patterns.Request(p.Facts, b.anchor)
	usual := p.Steps.After(p.Facts, request, b.call(request))
	if usual.Requests < fewest {
		return nil, 0
	}
	made := map[int32]bool{} // operations
	for _, i := range patterns.StepsOf(p.Facts, request) {
		made[p.OpNumber(i)] = true
	}
	for _, op := range usual.Steps {
		if !made[op] {
			names = append(names, rule.Quoted(p.Ops.Op(op).Label()))
		}
	}
	return names, usual.Requests
}

// call returns the call of the request's own process that failed: the step, or what lies within it.
func (b *broken) call(request int) int {
	call := b.step
	for i := b.origin.span; i > b.anchor; i = b.p.Facts.Trace.Parent(i) {
		if b.p.Class(i).Remote() && !b.p.Entry(i) && patterns.Request(b.p.Facts, i) == request {
			call = i
		}
	}
	return call
}

func (b *broken) report() {
	p := b.p
	answered := p.Outcome(b.anchor) <= semconv.OutcomeHandled && p.Kind(b.anchor) == trace.KindServer
	first := b.done[0]
	f := rule.Finding{
		Kind: "inconsistent state", Possible: true, Anchor: b.anchor, Service: p.Op(b.anchor).Service,
		Evidence: slices.Concat(p.Spans(rule.RoleParent, b.anchor), p.Spans(rule.RoleOffender, b.step), p.Spans(rule.RoleCause, b.origin.span), p.Spans(rule.RoleWrite, b.done...)),
		Numbers:  p.Measure(b.done),
		Risk:     0.5, Cap: new(rule.High), Confidence: 0.5,
	}
	also := ""
	if len(b.done) > 1 {
		also = " and " + rule.Calls(len(b.done)-1, "other write")
	}
	request := cmp.Or(p.Quoted(b.anchor), "the request")
	f.Message = fmt.Sprintf("%s executed %s%s, then %s failed%s", request, p.Quoted(first), also, p.Callee(b.step), failure.InBrackets(p.Facts, b.origin.span))
	if answered {
		f.Message += fmt.Sprintf(" and %s still returned success", request)
		f.Confidence += 0.1
	}
	if missing, of := b.notCalled(); len(missing) > 0 {
		f.Message += fmt.Sprintf("; %s %s not called (all %s called %s)", rule.And(missing), rule.Verb(len(missing), "was", "were"),
			rule.Calls(of, "successful request"), rule.Verb(len(missing), "it", "them"))
		f.Numbers.More = append(f.Numbers.More, rule.Number{Name: "not_called", Value: float64(len(missing))})
	}
	f.Message += "; no compensation in the trace."
	if !answered && p.Failed(b.anchor) {
		f.Confidence += 0.05
	}
	if facts.Incomplete(p.Facts.Trace) {
		f.Limits = append(f.Limits, "spans are missing from the trace: the compensation may be among them")
	}
	f.Checks = []rule.Check{
		{Name: "successful write before the failure", Passed: true},
		{Name: "write and failure in different services or resources", Passed: true},
		{Name: "no compensation after the failure", Passed: true},
		{Name: "request failed", Passed: p.Failed(b.anchor)},
		{Name: "request returned success despite the failure", Passed: answered},
	}
	if slices.ContainsFunc(b.done, func(write int) bool { return !patterns.Ordered(p.Facts, write, b.origin.span) }) {
		f.Limits = append(f.Limits, rule.OrderUncertain)
	}
	p.Report(p.Op(first).Label()+also+p.Op(b.step).Label(), f)
}
