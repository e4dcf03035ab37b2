package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// LostUpdateThresholds are the gates of lost-update.
type LostUpdateThresholds struct {
	Overlap time.Duration `toml:"overlap" source:"own choice: what windows must overlap by besides the error of the clocks"`
}

func defaultLostUpdate() LostUpdateThresholds { return LostUpdateThresholds{} }

var lostUpdate = Detector{
	ID: "D12", Name: "lost-update", Title: "Lost update",
	Doc: "Two requests read the same row, and each wrote what it had made of the old value: the first write is lost. " +
		"This is how the last item in stock is sold twice.",
	Rule: "a SELECT and a later UPDATE of the same row and a column that was read, in one request, without a lock, a version or another comparison in the condition, " +
		"and not computed in the statement itself; two of these in different requests, each reading before the other has written, by more than `overlap` and the error of the clocks.",
	Example:  "2 requests read a row of stock and then wrote it, each before the other had written: the second read 15 ms after the first, and 42 ms before the first had written.",
	Remedies: []string{"SELECT … FOR UPDATE", "a version column, compared in the update", "compute in the statement: SET n = n - 1 WHERE n >= 1", "an isolation level that refuses it"},
	Limits:   []string{"the isolation level is not in the traces", "sanitised statements do not show which row they are about"},
	File:     findLostUpdates,
}

// window is one read-modify-write of a row: from the start of the read to the end of the write.
type window struct {
	read, write place
	entry       int // the request that it is part of
	start, end  int64
}

// rowKey is a row of a table, as statements name it.
type rowKey struct{ database, table, row string }

func findLostUpdates(p *FilePass) {
	u := updates{p: p, clocks: newOffsets(p.Clocks), windows: map[rowKey][]window{}, found: map[string]*overlaps{}, tables: map[string]bool{}}
	if !u.anyUpdate() {
		return
	}
	for _, f := range p.Traces {
		u.read(f)
	}
	for _, k := range u.order {
		u.overlap(k, u.windows[k])
	}
	for _, o := range u.reported {
		u.report(o)
	}
}

// updates gathers the windows of the file by row.
type updates struct {
	p        *FilePass
	clocks   *offsets
	tables   map[string]bool // that some statement updates
	windows  map[rowKey][]window
	order    []rowKey
	found    map[string]*overlaps // by table
	reported []*overlaps
	canon    facts.Canonical
}

// overlaps is what was found for one table.
type overlaps struct {
	table   string
	pairs   int
	windows []window // that overlap another
	first   [2]window
	hosts   bool // a pair ran on two hosts
}

// anyUpdate finds the tables that are updated: most files have none, and then no statement is read.
func (u *updates) anyUpdate() bool {
	if len(u.p.Traces) == 0 {
		return false
	}
	ops := u.p.Traces[0].Ops
	for n := range ops.Len() {
		if st := ops.Detail(int32(n)).Statement; st.Verb == "UPDATE" && len(st.Tables) == 1 {
			u.tables[st.Tables[0]] = true
		}
	}
	return len(u.tables) > 0
}

// read finds the windows of one trace: the last read of a row before each write of it, in one request.
//
//	request   |----------------------------|
//	SELECT      |--|
//	UPDATE                    |---|
//	window      |=================|
func (u *updates) read(f *facts.Facts) {
	t := f.Trace
	type pending struct {
		read   place
		access facts.RowAccess
	}
	type inRequest struct {
		entry int
		rowKey
	}
	var reads map[inRequest]pending
	var entries []int32
	for i := t.First(); i < t.Len(); i++ {
		st := f.Detail(i).Statement
		if f.Class(i) != facts.ClassSQL || len(st.Tables) != 1 || !u.tables[st.Tables[0]] || st.Verb != "SELECT" && st.Verb != "UPDATE" {
			continue
		}
		f.Canonical(i, &u.canon)
		row, ok := facts.ParseRow(u.canon.Value(facts.DBQuery).Text(), strings.ToLower(u.canon.Text(facts.DBSystem)))
		if !ok {
			continue
		}
		if entries == nil {
			entries, reads = requests(f), map[inRequest]pending{}
		}
		k := inRequest{int(entries[i]), rowKey{f.Op(i).Peer, row.Table, row.Row}}
		at := place{f, i}
		if st.Verb == "SELECT" {
			delete(reads, k)
			if !st.Flags.Has(facts.SQLForUpdate) && !row.Guarded {
				reads[k] = pending{at, row}
			}
			continue
		}
		before, known := reads[k]
		delete(reads, k)
		if !known || row.Relative || row.Guarded || st.Flags.Has(facts.SQLVersioned) || f.Failed(i) || !before.access.Reads(&row) {
			continue
		}
		u.add(k.rowKey, window{before.read, at, k.entry, before.read.data().Start(), at.data().Finish()})
	}
}

// requests returns for each span the request that it is part of: the nearest entry at or above it.
func requests(f *facts.Facts) []int32 {
	entries := make([]int32, f.Trace.Len())
	for i := range entries {
		p := f.Trace.Parent(i)
		switch {
		case p < 0 || f.Entry(i):
			entries[i] = int32(i)
		default:
			entries[i] = entries[p]
		}
	}
	return entries
}

func (u *updates) add(k rowKey, w window) {
	if w.end <= w.start {
		return
	}
	if u.windows[k] == nil {
		u.order = append(u.order, k)
	}
	u.windows[k] = append(u.windows[k], w)
}

// overlap compares each window of a row with the one before it that ended last.
func (u *updates) overlap(k rowKey, windows []window) {
	slices.SortStableFunc(windows, func(a, b window) int { return cmp.Compare(a.start, b.start) })
	last := 0
	for n := 1; n < len(windows); n++ {
		a, b := windows[last], windows[n]
		if windows[n].end > windows[last].end {
			last = n
		}
		if a.read.Trace == b.read.Trace && a.entry == b.entry {
			continue
		}
		known, ok := u.both(a, b)
		if !ok {
			continue
		}
		o := u.found[k.table]
		if o == nil {
			o = &overlaps{table: k.table, first: [2]window{a, b}}
			u.found[k.table] = o
			u.reported = append(u.reported, o)
		}
		o.pairs++
		o.hosts = o.hosts || known
		for _, w := range [...]window{a, b} {
			if !slices.Contains(o.windows[max(0, len(o.windows)-2):], w) {
				o.windows = append(o.windows, w)
			}
		}
	}
}

// both tells whether each of two windows was read before the other was written, whatever the clocks' error is, and
// whether they ran on two hosts.
func (u *updates) both(a, b window) (hosts, ok bool) {
	one, two := a.write.data(), b.read.data()
	clock := u.clocks.between(one.Resource(), two.Resource(), one.Trace().Root().Start())
	if !clock.known {
		return false, false
	}
	least := min(a.end-(b.start+clock.offset), b.end+clock.offset-a.start)
	return hostOf(u.p, one) != hostOf(u.p, two), least > int64(u.p.Thresholds.LostUpdate.Overlap)+clock.uncertainty
}

func hostOf(p *FilePass, s trace.Span) string { return p.Clocks.Host(s.Resource()) }

func (u *updates) report(o *overlaps) {
	a, b := o.first[0], o.first[1]
	offset := u.clocks.between(a.write.data().Resource(), b.read.data().Resource(), a.write.Trace.Root().Start()).offset
	later := b.start + offset - a.start
	f := Finding{
		Title: "lost update of " + quoted(o.table),
		Message: fmt.Sprintf("%d requests read a row of %s and then wrote it, each before the other had written: the second read %s after the first, and %s before the first had written.",
			len(o.windows), quoted(o.table), facts.Lasted(max(later, 0)), facts.Lasted(a.end-b.start-offset)),
		Numbers: Numbers{Count: len(o.windows), More: []Number{{"pairs", float64(o.pairs)}, {"apart_nano", float64(later)}}},
		Checks: []Check{
			{"the same row, by the values in the statements", true},
			{"no lock, version or comparison in the statements", true},
			{"on one clock", !o.hosts},
			{"several pairs", o.pairs > 1},
		},
		Confidence: 0.3,
		Risk:       0.3,
	}
	for n, gain := range [...]float64{0, 0, 0.15, 0.04} {
		if f.Checks[n].Passed {
			f.Confidence += gain
		}
	}
	for _, w := range o.windows[:min(len(o.windows), mostEvidence)] {
		f.Evidence = append(f.Evidence, evidence(RoleOffender, w.read)...)
		f.Evidence = append(f.Evidence, evidence(RoleWrite, w.write)...)
	}
	f.anchor(a.read)
	u.p.Report(o.table, f)
}
