package facts

import (
	"regexp"

	"tracefall/sources/trace"
)

// Handover is a message's way from the span that sent it to the span that processed it.
type Handover struct {
	From     *Facts // the trace of the sender
	Sent     int    // span
	To       *Facts
	Received int // span
}

type spanName struct {
	trace trace.TraceID
	span  trace.SpanID
}

// Handovers finds the messages of a set whose both ends are in it: consumer spans below a producer span, or linked
// to one; a batch has a link for each message. They are in order of the consumers.
func Handovers(all []*Facts) []Handover {
	var list []Handover
	var wanted map[spanName][]int // linked senders -> messages that wait for them
	for _, f := range all {
		t := f.Trace
		for i := t.First(); i < t.Len(); i++ {
			if f.Kind(i) != trace.KindConsumer {
				continue
			}
			if p := t.Parent(i); p >= t.First() && f.Kind(p) == trace.KindProducer {
				list = append(list, Handover{f, p, f, i})
				continue
			}
			for _, link := range t.Span(i).Links() {
				if wanted == nil {
					wanted = map[spanName][]int{}
				}
				name := spanName{link.TraceID(), link.SpanID()}
				wanted[name] = append(wanted[name], len(list))
				list = append(list, Handover{To: f, Received: i})
			}
		}
	}
	if wanted != nil {
		resolve(all, list, wanted)
	}
	found := list[:0]
	for _, h := range list {
		if h.From != nil {
			found = append(found, h)
		}
	}
	return found
}

// resolve finds the linked senders: only the traces that links point at are read.
func resolve(all []*Facts, list []Handover, wanted map[spanName][]int) {
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

// Delayed tells whether a message was to be processed later on purpose: an attribute, the destination or the name
// of the span says so.
func (f *Facts) Delayed(i int) bool {
	return delayedKey.MatchString(f.Op(i).Template) || delayedKey.MatchString(f.Trace.Span(i).Name()) ||
		says(f.Trace.Span(i).Attrs(), delayedKey, 0)
}

// Redelivered tells whether an attribute says that the message was delivered before.
func (f *Facts) Redelivered(i int) bool {
	return says(f.Trace.Span(i).Attrs(), redeliveredKey, 1)
}

// says tells whether one of the keys has a value that means yes: true, more than a number, or a text.
func says(attrs trace.Attrs, keys *regexp.Regexp, more float64) bool {
	for key, value := range attrs.All() {
		if !keys.MatchString(key) {
			continue
		}
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
