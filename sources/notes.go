package sources

import (
	"cmp"
	"fmt"
	"slices"

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
	NoticeWrapped  trace.NoticeKind = "unwrapped-input"   // documents within log lines, text in UTF-16
)

// notes gathers what is to be said about one input: one note for each kind and subject.
type notes []note

type note struct {
	kind    trace.NoticeKind
	subject string
	detail  string // about the first
	count   int
	bytes   int      // not read, all together
	once    bool     // only that it was met matters, not how often
	single  bool     // only the first place is known
	cut     bool     // spans may be missing
	places  []int    // offsets of the first few
	named   []string // places of a binary input, which has no lines
}

// truncated is said of an input that ends within a document, with mayLack as what it means.
const (
	truncated = "file truncated, the rest after the last complete span was skipped"
	mayLack   = "the last trace may be incomplete"
)

// notedPlaces is how many places a notice lists.
const notedPlaces = 5

// note counts something that was met at an offset. The subject is a whole phrase; the notice adds how often and
// where.
func (r *jsonInput) note(kind trace.NoticeKind, subject string, off int) {
	r.notes.add(note{kind: kind, subject: subject, count: 1, places: []int{off}})
}

// once notes something that is said once an input, where it was met first.
func (r *jsonInput) once(kind trace.NoticeKind, subject string, off int) {
	r.notes.add(note{kind: kind, subject: subject, count: 1, once: true, places: []int{off}})
}

// skipped counts n bytes at an offset that were passed over.
func (r *jsonInput) skipped(kind trace.NoticeKind, subject string, off, n int) {
	r.notes.add(note{kind: kind, subject: subject, count: 1, bytes: n, places: []int{off}})
}

// noteNamed counts something in a binary input.
func (r *jsonInput) noteNamed(kind trace.NoticeKind, subject, place string) {
	r.notes.add(note{kind: kind, subject: subject, count: 1, named: []string{place}})
}

// bad counts a field whose value at off was not what it must be; the span does without it.
func (r *jsonInput) bad(field, expected string, off int) {
	r.badFields++
	r.note(NoticeFields, fmt.Sprintf("%s is not readable, expected %s", field, expected), off)
}

// lost counts the part of a document that could not be read: it failed with fault, and reading goes on at end.
// What is lost begins behind the last span that was read.
func (r *jsonInput) lost(start, end int, fault *syntaxError) {
	n := note{
		kind: NoticeDamaged, subject: "damaged JSON was skipped", count: 1, bytes: end - max(start, r.good),
		detail: fmt.Sprintf("expected %s, found %s", fault.expected, fault.found), places: []int{fault.off},
	}
	if fault.off >= len(r.data) || r.cut && end == len(r.data) {
		n.kind, n.subject, n.detail = trace.NoticeTruncated, truncated, mayLack
	}
	r.notes.add(n)
}

// noteTruncated decides whether the input was cut off, and sees to it that a note says so.
func (r *jsonInput) noteTruncated() {
	isSaid := func(n note) bool { return n.kind == trace.NoticeTruncated }
	switch said := slices.ContainsFunc(r.notes, isSaid); {
	case said:
		r.cut = true
	case r.cut:
		r.notes.add(note{kind: trace.NoticeTruncated, subject: "file truncated", detail: mayLack, count: 1})
	}
}

func (all *notes) add(n note) {
	for i := range *all {
		if known := &(*all)[i]; known.kind == n.kind && known.subject == n.subject {
			if n.once {
				return
			}
			known.count += n.count
			known.bytes += n.bytes
			if known.single {
				known.places[0] = min(known.places[0], n.places[0])
			} else if room := notedPlaces - len(known.places); room > 0 {
				known.places = append(known.places, n.places[:min(room, len(n.places))]...)
				slices.Sort(known.places)
			}
			room := max(notedPlaces-len(known.named), 0)
			known.named = append(known.named, n.named[:min(room, len(n.named))]...)
			return
		}
	}
	*all = append(*all, n)
}

// inOrder sorts the notes by where they were met first.
func (all notes) inOrder() {
	slices.SortStableFunc(all, func(a, b note) int { return cmp.Compare(a.offset(), b.offset()) })
}

func (n *note) offset() int {
	if len(n.places) == 0 {
		return -1
	}
	return n.places[0]
}

// message is the note in words, without places.
func (n *note) message() string {
	text := n.subject
	switch {
	case n.bytes == 1:
		text += ", 1 byte"
	case n.bytes > 1:
		text += fmt.Sprintf(", %s bytes", trace.Grouped(n.bytes))
	}
	if n.detail != "" {
		text += ": " + n.detail
	}
	return text
}

// first names the first place; "" where none was noted.
func (n *note) first(data []byte) string {
	switch {
	case len(n.named) > 0:
		return n.named[0]
	case len(n.places) > 0:
		return placeOf(data, n.places[0]).String()
	}
	return ""
}

// notice turns a note into the notice for people.
func (n *note) notice(input string, data []byte) trace.Notice {
	out := trace.Notice{Kind: n.kind, Input: input, Count: n.count, Message: n.message(), Places: n.named}
	for _, off := range n.places {
		out.Places = append(out.Places, placeOf(data, off).String())
	}
	switch {
	case len(out.Places) > 0 && n.count == 1:
		out.Message += " (" + out.Places[0] + ")"
	case len(out.Places) > 0:
		out.Message += fmt.Sprintf(" (%s times, first at %s)", trace.Grouped(n.count), out.Places[0])
	}
	return out
}

// foreign takes back that the document that began at start is of a format of ours.
func (r *jsonInput) foreign(start int) {
	r.known--
	r.unknown++
	r.note(NoticeSkipped, notTrace, start)
}

const notTrace = "a JSON document that is no trace was skipped"
