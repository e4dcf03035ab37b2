package sources

import (
	"fmt"

	"tracefall/sources/trace"
)

// The kinds of notices that readers give.
const (
	NoticeDamaged  trace.NoticeKind = "damaged-input"     // bytes that could not be read as what they should be
	NoticeFields   trace.NoticeKind = "unreadable-fields" // the span was kept without them
	NoticeSpelling trace.NoticeKind = "nonstandard-names" // read all the same
	NoticeSkipped  trace.NoticeKind = "skipped-records"   // logs, metrics, documents of other kinds
	NoticeFiles    trace.NoticeKind = "skipped-files"     // of a directory
	NoticeUTF8     trace.NoticeKind = "invalid-utf8"      // shown as U+FFFD
	NoticeWarnings trace.NoticeKind = "span-warnings"     // that the tracing backend attached
)

// notes gathers what is to be said about one input: one note for each kind and subject.
type notes []note

type note struct {
	kind    trace.NoticeKind
	subject string
	count   int
	once    bool  // only that it was met matters, not how often
	places  []int // offsets of the first few
}

// notedPlaces is how many places a notice lists.
const notedPlaces = 5

// note counts something that was met at an offset. The subject is a whole phrase; the notice adds how often and
// where.
func (r *reader) note(kind trace.NoticeKind, subject string, off int) { r.noteN(kind, subject, off, 1) }

func (r *reader) noteN(kind trace.NoticeKind, subject string, off, n int) {
	r.notes.add(note{kind: kind, subject: subject, count: n, places: []int{off}})
}

// once notes something that is said once an input, where it was met first.
func (r *reader) once(kind trace.NoticeKind, subject string, off int) {
	r.notes.add(note{kind: kind, subject: subject, count: 1, once: true, places: []int{off}})
}

// bad counts a field whose value at off was not what it must be; the span does without it.
func (r *reader) bad(field, expected string, off int) {
	r.note(NoticeFields, fmt.Sprintf("%s is not readable, expected %s", field, expected), off)
}

// lost counts a part of a document that could not be read: it failed with fault and the next document is at end.
func (r *reader) lost(start, end int, fault *syntaxError) {
	subject := fmt.Sprintf("damaged: expected %s, found %s; %d bytes skipped", fault.expected, fault.found, end-fault.off)
	if fault.off >= len(r.data) {
		subject = "cut short: expected " + fault.expected + ", found the end"
	}
	r.note(NoticeDamaged, subject, fault.off)
}

func (all *notes) add(n note) {
	for i := range *all {
		if known := &(*all)[i]; known.kind == n.kind && known.subject == n.subject {
			if n.once {
				return
			}
			known.count += n.count
			room := max(notedPlaces-len(known.places), 0)
			known.places = append(known.places, n.places[:min(room, len(n.places))]...)
			return
		}
	}
	*all = append(*all, n)
}

// notice turns a note into the notice for people.
func (n *note) notice(input string, data []byte) trace.Notice {
	out := trace.Notice{Kind: n.kind, Input: input, Count: n.count, Message: n.subject}
	for _, off := range n.places {
		out.Places = append(out.Places, placeOf(data, off).String())
	}
	switch {
	case len(out.Places) > 0 && n.count == 1:
		out.Message += " (" + out.Places[0] + ")"
	case len(out.Places) > 0:
		out.Message += fmt.Sprintf(" (%d times, first at %s)", n.count, out.Places[0])
	}
	return out
}
