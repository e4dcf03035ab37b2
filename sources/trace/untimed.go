package trace

// Untimed reports whether nothing is known of when the span ran and how long: it has no time at all, and no other span of
// the trace has one that could stand in.
func (s Span) Untimed() bool { return !s.Synthetic() && s.r.untimed() }

func (r *span) untimed() bool { return r.start == 0 && r.dur == 0 && r.flags&FlagTimeRepaired != 0 }

// Untimed reports whether no span of the trace has a time, as where an exporter was told to leave times out.
func (t *Trace) Untimed() bool {
	return t.start == 0 && t.end == 0 && t.quality != nil && t.quality.Untimed > 0
}
