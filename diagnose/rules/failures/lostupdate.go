package failures

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// LostUpdateThresholds are the gates of lost-update.
type LostUpdateThresholds struct {
	Overlap time.Duration `toml:"overlap" source:"default; overlap required beyond clock uncertainty"`
}

// LostUpdate finds: lost update.
var LostUpdate = rule.Detector{
	ID: "D12", Name: "lost-update", Title: "Lost update",
	Thresholds: &LostUpdateThresholds{},
	Doc: "Two requests read the same row and each wrote a value based on the old one, so the first write is lost. " +
		"This is how the last item in stock is sold twice.",
	Rule: "read-modify-write of the same item in one request: SELECT and UPDATE of a row and column that was read, cache GET and SET of a key " +
		"(no TTL, nothing fetched in between), find and update of a document, GET and PUT or PATCH of a URL (low at most). Ignored: updates protected by a lock, " +
		"FOR UPDATE, WATCH, NX, If-Match, a version or other condition, relative updates (SET n = n - 1), and timestamp columns. " +
		"Reported if two requests each read before the other wrote, by more than clock uncertainty plus `overlap`.",
	Example:  "2 requests read and updated a row of stock concurrently: the second read 15 ms after the first, 42 ms before the first wrote.",
	Remedies: []string{"SELECT … FOR UPDATE", "optimistic locking with a version column", "compute in the statement: SET n = n - 1 WHERE n >= 1", "a stricter isolation level (REPEATABLE READ, SERIALIZABLE)"},
	Limits:   []string{"isolation level not recorded in traces", "sanitised statements hide which row they touch"},
	File:     findLostUpdates,
	Blind: []rule.Blind{
		{Gap: rule.GapNoStatement, Effect: "cannot compare statements or rows"},
		{Gap: rule.GapPlaceholders, Effect: "cannot tell equal parameters from different ones"},
	},
}

// window is one read-modify-write of a row: from the start of the read to the end of the write.
type window struct {
	read, write rule.Place
	entry       int // the request that it is part of
	start, end  int64
}

// request tells the requests of a file apart.
func (w window) request() rule.Place { return rule.Place{Facts: w.read.Facts, Span: w.entry} }

// rowKey is one thing of a store, as statements, commands and URLs name it.
type rowKey struct {
	class                semconv.Class
	database, table, row string
}

func findLostUpdates(p *rule.FilePass) {
	u := updates{
		p: p, clocks: rule.NewOffsets(p.Clocks), nouns: map[rowKey]string{},
		tables: map[string]bool{}, stores: map[semconv.Class]bool{}, locks: rule.Memo[int32, bool]{},
	}
	if !u.anyUpdate() {
		return
	}
	for _, f := range p.Traces {
		u.read(f)
	}
	for k, windows := range u.windows.All() {
		u.overlap(k, windows)
	}
	for _, o := range u.found.All() {
		u.report(o)
	}
}

// updates gathers the windows of the file by row.
type updates struct {
	p       *rule.FilePass
	clocks  *rule.Offsets
	tables  map[string]bool        // that some statement updates
	stores  map[semconv.Class]bool // besides SQL, that something may be updated in
	locks   rule.Memo[int32, bool] // by operation: whether it takes a lock
	windows rule.Lists[rowKey, window]
	nouns   map[rowKey]string
	found   rule.Groups[string, overlaps] // by what was updated
	canon   semconv.Canonical
}

// overlaps is what was found for one table, pattern of keys or resource.
type overlaps struct {
	class   semconv.Class
	table   string
	noun    string
	pairs   int
	windows rule.Groups[window, struct{}] // that overlap another
	first   [2]window
	hosts   bool // a pair ran on two hosts
}

// anyUpdate finds what is updated: most files have nothing, and then no statement is read.
func (u *updates) anyUpdate() bool {
	if len(u.p.Traces) == 0 {
		return false
	}
	ops := u.p.Traces[0].Ops
	for n := range ops.Len() {
		op, st := ops.Op(int32(n)), ops.Detail(int32(n)).Statement
		switch op.Class {
		case semconv.ClassSQL:
			if st.Verb == "UPDATE" && len(st.Tables) == 1 {
				u.tables[st.Tables[0]] = true
			}
		case semconv.ClassCache:
			u.stores[op.Class] = u.stores[op.Class] || op.Name == "SET" || op.Name == "HSET"
		case semconv.ClassNoSQL:
			u.stores[op.Class] = u.stores[op.Class] || ops.Detail(int32(n)).Write
		case semconv.ClassHTTP:
			u.stores[op.Class] = u.stores[op.Class] || op.Kind == trace.KindClient && (op.Name == "PUT" || op.Name == "PATCH")
		default:
		}
	}
	return len(u.tables)+len(u.stores) > 0
}

// relevant reports whether span i may read or write what is updated somewhere.
func (u *updates) relevant(f *facts.Facts, i int) bool {
	if f.Class(i) != semconv.ClassSQL {
		return u.stores[f.Class(i)]
	}
	st := f.Detail(i).Statement
	return len(st.Tables) == 1 && u.tables[st.Tables[0]] && (st.Verb == "SELECT" || st.Verb == "UPDATE")
}

// pending is a read that a write may follow.
type pending struct {
	read   rule.Place
	access patterns.Access
}

// inRequest is a thing, as one request sees it.
type inRequest struct {
	entry int32
	rowKey
}

// read finds the windows of one trace: the last read of a row before each write of it, in one request that holds no
// lock.
//
//	request   |----------------------------|
//	SELECT      |--|
//	UPDATE                    |---|
//	window      |=================|
func (u *updates) read(f *facts.Facts) {
	t := f.Trace
	var reads map[inRequest]pending
	var entries []int32
	var locked map[int32]bool
	var elsewhere map[int32]int // by request: the last call that went to no cache
	for i := t.First(); i < t.Len(); i++ {
		relevant, locks := u.relevant(f, i), u.locking(f, i)
		if !relevant && !locks && (reads == nil || !f.Class(i).Remote()) {
			continue
		}
		if entries == nil {
			entries, reads, locked, elsewhere = patterns.Requests(f), map[inRequest]pending{}, map[int32]bool{}, map[int32]int{}
		}
		request := entries[i]
		if f.Class(i) != semconv.ClassCache && f.Class(i).Remote() && !f.Entry(i) {
			elsewhere[request] = i
		}
		access, ok := patterns.Access{}, false
		if relevant {
			access, ok = patterns.AccessOf(f, i, &u.canon)
		}
		if locks || ok && access.Locks {
			locked[request] = true
		}
		if !ok || locked[request] {
			continue
		}
		k := inRequest{request, rowKey{f.Class(i), f.Op(i).Peer, access.Table, access.Row}}
		before, known := reads[k]
		delete(reads, k)
		switch {
		case f.Outcome(i) >= semconv.OutcomeSoft || access.Guarded:
		case !access.Write:
			reads[k] = pending{rule.Place{Facts: f, Span: i}, access}
		case known && !access.Relative && u.made(f, &before, i, &access, elsewhere[request]):
			at := rule.Place{Facts: f, Span: i}
			u.nouns[k.rowKey] = access.Noun
			if w := (window{before.read, at, int(request), before.read.Data().Start(), at.Data().Finish()}); w.end > w.start {
				u.windows.Add(k.rowKey, w)
			}
		}
	}
}

// made reports whether what was written can be made of what was read: of a row, a column of it; of an entry in a cache,
// nothing that was fetched elsewhere in between.
func (u *updates) made(f *facts.Facts, before *pending, i int, access *patterns.Access, elsewhere int) bool {
	switch f.Class(i) {
	case semconv.ClassSQL:
		return before.access.Reads(&access.RowAccess)
	case semconv.ClassCache:
		return elsewhere < before.read.Span
	}
	return true
}

// lockingName is how operations are named that take a lock, or begin a transaction in which a lost update fails.
var lockingName = regexp.MustCompile(`(?i)(^|[^a-z])(lock|mutex|redlock|watch|setnx)([^a-z]|$)|SERIALIZABLE|REPEATABLE READ`)

// locking reports whether span i takes a lock, by its operation or name.
func (u *updates) locking(f *facts.Facts, i int) bool {
	return u.locks.Of(f.OpNumber(i), func() bool {
		op, name := f.Op(i), f.Trace.Span(i).Name()
		return lockingName.MatchString(op.Template) || lockingName.MatchString(op.Name) || lockingName.MatchString(name) || rule.LockName.MatchString(name)
	})
}

// overlap compares each window of a row with the one before it that ended last.
func (u *updates) overlap(k rowKey, windows []window) {
	slices.SortStableFunc(windows, func(a, b window) int { return cmp.Compare(a.start, b.start) })
	last := 0
	for n := 1; n < len(windows); n++ {
		a, b := windows[last], windows[n]
		if b.end > a.end {
			last = n
		}
		if a.request() == b.request() {
			continue
		}
		known, ok := u.both(a, b)
		if !ok {
			continue
		}
		o := u.found.Of(u.nouns[k])
		if o.pairs == 0 {
			*o = overlaps{class: k.class, table: k.table, noun: u.nouns[k], first: [2]window{a, b}}
		}
		o.pairs++
		o.hosts = o.hosts || known
		for _, w := range [...]window{a, b} {
			o.windows.Of(w)
		}
	}
}

// both reports whether each of two windows was read before the other was written, whatever the clocks' error is, and
// whether they ran on two hosts.
func (u *updates) both(a, b window) (hosts, ok bool) {
	one, two := a.write.Data(), b.read.Data()
	clock := u.clocks.Between(one.Resource(), two.Resource(), one.Trace().Root().Start())
	if !clock.Known {
		return false, false
	}
	least := min(a.end-(b.start+clock.Offset), b.end+clock.Offset-a.start)
	return u.p.Clocks.Host(one.Resource()) != u.p.Clocks.Host(two.Resource()), least > int64(rule.ThresholdsOf[LostUpdateThresholds](u.p).Overlap)+clock.Uncertainty
}

func (u *updates) report(o *overlaps) {
	a, b := o.first[0], o.first[1]
	offset := u.clocks.Between(a.write.Data().Resource(), b.read.Data().Resource(), a.write.Trace.Root().Start()).Offset
	later := b.start + offset - a.start
	windows := o.windows.Keys
	requests := len(rule.Distinct(windows, window.request))
	f := rule.Finding{
		Kind: "lost update of " + rule.Quoted(o.table),
		Message: fmt.Sprintf("%s read and updated %s concurrently: the second read %s after the first, %s before the first wrote.",
			rule.Calls(requests, "request"), rule.Quoted(o.noun), units.Lasted(max(later, 0)), units.Lasted(a.end-b.start-offset)),
		Numbers: rule.Numbers{Count: requests, More: []rule.Number{{Name: "pairs", Value: float64(o.pairs)}, {Name: "apart_nano", Value: float64(later)}}},
		Checks: []rule.Check{
			{Name: "same row or key in all requests", Passed: true},
			{Name: "no lock, version check or condition recorded", Passed: true},
			{Name: "requests ran on one host (no clock uncertainty)", Passed: !o.hosts},
			{Name: "more than one overlapping pair", Passed: o.pairs > 1},
		},
		Confidence: 0.3,
		Risk:       0.3,
	}
	f.Gain(0, 0, 0.15, 0.04)
	if o.class == semconv.ClassHTTP {
		f.Cap = new(rule.Low)
		f.Limits = []string{"request headers are rarely recorded: If-Match may have been sent"}
	}
	for _, w := range windows {
		f.Evidence = append(f.Evidence, w.read.As(rule.RoleOffender), w.write.As(rule.RoleWrite))
	}
	source := o.table // of statements, as fingerprints always had it
	if o.class != semconv.ClassSQL {
		source = o.noun
	}
	u.p.Report(a.read, source, f)
}
