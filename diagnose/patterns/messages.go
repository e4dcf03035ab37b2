package patterns

import (
	"regexp"
	"time"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/lex"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Handover is a message's way from the span that sent it to the span that processed it.
type Handover struct {
	From     *facts.Facts // the trace of the sender; nil where it is not in the set
	Sent     int          // span, -1 where it is not in the set
	To       *facts.Facts
	Received int   // span
	Delayed  bool  // it was to be processed later on purpose: an attribute, the destination or a name says so
	Again    bool  // an attribute says that it was delivered before
	Queued   int64 // ns that it was with the broker, as the consumer recorded it, where the sender is not in the set
}

type spanName struct {
	trace trace.TraceID
	span  trace.SpanID
}

// Handovers finds the messages of a set whose both ends are in it: consumer spans below a producer span, or linked
// to one; a batch has a link for each message. Those whose consumer recorded since when they were queued need no
// sender. They are in order of the consumers.
func Handovers(all []*facts.Facts) []Handover {
	var list []Handover
	var c semconv.Canonical
	wanted := map[spanName][]int{} // linked senders -> messages that wait for them
	for _, f := range all {
		t := f.Trace
		for i := t.First(); i < t.Len(); i++ {
			if f.Kind(i) != trace.KindConsumer {
				continue
			}
			if p := t.Parent(i); p >= t.First() && f.Kind(p) == trace.KindProducer {
				list = append(list, Handover{From: f, Sent: p, To: f, Received: i})
				continue
			}
			links := t.Span(i).Links()
			if len(links) == 0 {
				if h, ok := alone(f, i, &c); ok {
					list = append(list, h)
				}
				continue
			}
			for _, link := range links {
				name := spanName{link.TraceID(), link.SpanID()}
				wanted[name] = append(wanted[name], len(list))
				list = append(list, Handover{To: f, Received: i})
			}
		}
	}
	if len(wanted) > 0 {
		resolve(all, list, wanted)
	}
	found := list[:0]
	w := messageWords{later: matcher{expr: delayedKey}, again: matcher{expr: redeliveredKey}}
	for _, h := range list {
		if h.From == nil && h.Queued == 0 {
			var ok bool
			if h, ok = alone(h.To, h.Received, &c); !ok || len(found) > 0 && found[len(found)-1].To == h.To && found[len(found)-1].Received == h.Received {
				continue
			}
		}
		h.Delayed = w.delayed(h.To, h.Received) || h.From != nil && w.delayed(h.From, h.Sent)
		h.Again = w.again.says(h.To.Trace.Span(h.Received).Attrs(), 1)
		found = append(found, h)
	}
	return found
}

// resolve finds the linked senders: only the traces that links point at are read.
func resolve(all []*facts.Facts, list []Handover, wanted map[spanName][]int) {
	traces := map[trace.TraceID]bool{}
	for name := range wanted {
		traces[name.trace] = true
	}
	for _, f := range all {
		t := f.Trace
		id := t.ID()
		if !traces[id] {
			continue
		}
		for i := t.First(); i < t.Len(); i++ {
			if k := f.Kind(i); k == trace.KindServer || k == trace.KindConsumer {
				continue // a link to what was going on, not to what was sent
			}
			for _, n := range wanted[spanName{id, t.Span(i).ID()}] {
				list[n].From, list[n].Sent = f, i
			}
		}
	}
}

var (
	delayedKey     = regexp.MustCompile(`(?i)delay|schedul|defer|deliver_?at|not_?before|visibility_?timeout|countdown`)
	redeliveredKey = regexp.MustCompile(`(?i)redeliver|delivery_?(attempt|count)|receive_?count|retry|death|requeue`)
)

// messageWords looks for words in keys and names; each is looked at once.
type messageWords struct {
	later, again matcher
}

func (w *messageWords) delayed(f *facts.Facts, i int) bool {
	s := f.Trace.Span(i)
	return w.later.matches(s.NameSymbol(), s.Name()) || w.later.says(s.Attrs(), 0) || delayedKey.MatchString(f.Op(i).Template)
}

// matcher is an expression that remembers which symbols it matches.
type matcher struct {
	expr  *regexp.Regexp
	known map[trace.Symbol]bool
}

func (m *matcher) matches(symbol trace.Symbol, text string) bool {
	match, ok := m.known[symbol]
	if !ok {
		if m.known == nil {
			m.known = map[trace.Symbol]bool{}
		}
		match = m.expr.MatchString(text)
		m.known[symbol] = match
	}
	return match
}

// says reports whether a matching key has a value that means yes: true, more than a number, or a text.
func (m *matcher) says(attrs trace.Attrs, more float64) bool {
	for n := range attrs.Len() {
		if !m.matches(attrs.KeySymbol(n), attrs.Key(n)) {
			continue
		}
		value := attrs.Value(n)
		number, ok := value.Number()
		switch {
		case ok && number > more,
			value.Type() == trace.TypeBool && value.Bool(),
			value.Type() == trace.TypeString && value.Text() != "" && value.Text() != "0" && value.Text() != "false":
			return true
		}
	}
	return false
}

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
