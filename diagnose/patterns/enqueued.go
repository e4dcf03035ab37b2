package patterns

import (
	"time"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/lex"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// queuedEvents are the events that job frameworks add to the span of a job with the time at which it was made and put
// into its queue; they lie before the span on purpose. The later one counts.
var queuedEvents = lex.Set("created_at enqueued_at published_at sent_at")

// QueuedEvent reports whether an event of that name tells of what was before the span.
func QueuedEvent(name string) bool { return queuedEvents[name] }

// Queued returns for how long the message of consumer span i had been with the broker when its processing began, in
// nanoseconds, by what was recorded on the span: a time of the broker, the client's own measure, or an event. ok is
// false where nothing was, or what was cannot be right.
func Queued(f *facts.Facts, i int, c *semconv.Canonical) (wait int64, ok bool) {
	const (
		longest = int64(30 * 24 * time.Hour)
		milli   = int64(time.Millisecond)
	)
	s := f.Trace.Span(i)
	f.Canonical(i, c)
	if ms, ok := c.Int(semconv.MsgQueueTime); ok {
		return ms * milli, ms > 0 && ms < longest/milli
	}
	at := int64(0)
	if n, ok := c.Int(semconv.MsgEnqueued); ok {
		if _, unit := clocks.UnitOf(n); unit > 0 {
			at = n * unit
		}
	} else if when, err := time.Parse(time.RFC3339Nano, c.Text(semconv.MsgEnqueued)); err == nil {
		at = when.UnixNano()
	}
	for n := range s.Events() {
		if e := s.Event(n); queuedEvents[e.Name()] {
			at = max(at, e.Time())
		}
	}
	wait = s.Start() - at
	return wait, at > 0 && wait > 0 && wait < longest
}

// alone makes a handover of a message whose sender is not in the set, where what was recorded tells how long it waited.
func alone(f *facts.Facts, i int, c *semconv.Canonical) (h Handover, ok bool) {
	wait, ok := Queued(f, i, c)
	return Handover{To: f, Received: i, Sent: -1, Queued: wait}, ok && f.Kind(i) == trace.KindConsumer
}
