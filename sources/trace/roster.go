package trace

import "strings"

// roster numbers the traces of a builder in the order in which they are met.
type roster struct {
	ids      map[TraceID]uint32
	traces   []rawTrace
	lastID   TraceID
	last     uint32
	renewed  int    // traces that no longer count
	replaced uint32 // spans of these
}

// Replaced returns how many spans are kept in memory that no longer count, as their traces were read anew.
func (r *roster) Replaced() int { return int(r.replaced) }

type rawTrace struct {
	id                 TraceID
	n                  uint32
	partial, truncated bool
	renewed            bool // its spans no longer count: they were read anew
}

// counts reports whether the trace has spans that count.
func (t *rawTrace) counts() bool { return t.n > 0 && !t.renewed }

// number returns the number of a trace.
func (r *roster) number(id TraceID) uint32 {
	if id == r.lastID && len(r.traces) > 0 {
		return r.last
	}
	n, ok := r.ids[id]
	if !ok {
		id.Text = strings.Clone(id.Text)
		n = r.add(id)
	}
	r.lastID, r.last = r.traces[n].id, n
	return n
}

func (r *roster) add(id TraceID) uint32 {
	n := uint32(len(r.traces))
	r.traces = append(r.traces, rawTrace{id: id})
	r.ids[id] = n
	return n
}

// renew gives a trace that is there a new number: its spans, under the old one, no longer count. What it costs does not
// depend on how many those are.
func (r *roster) renew(id TraceID) {
	n, ok := r.ids[id]
	if !ok {
		return
	}
	r.traces[n].renewed = true
	r.renewed++
	r.replaced += r.traces[n].n
	id = r.traces[n].id
	r.lastID, r.last = id, r.add(id)
}
