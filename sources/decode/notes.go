package decode

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tracefall/sources/jsonscan"
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

// Notes gathers what is to be said about one input: one note for each kind and subject.
type Notes []Note

// Note is what is to be said of one kind and subject: how often it was met, and where first.
type Note struct {
	Kind    trace.NoticeKind
	Subject string
	Detail  string // about the first
	Count   int
	Bytes   int      // skipped, all together
	once    bool     // only that it was met matters, not how often
	Single  bool     // only the first place is known
	Cut     bool     // spans may be missing
	Places  []int    // offsets of the first few
	Named   []string // Places of a binary input, which has no lines
}

// truncated is said of an input that ends within a document, with mayLack as what it means.
const (
	truncated = "file truncated"
	MayLack   = "last trace may be incomplete"
)

// NotedPlaces is how many places a notice lists.
const NotedPlaces = 5

// Note counts something that was met at an offset. The subject is a whole phrase; the notice adds how often and
// where.
func (r *Input) Note(kind trace.NoticeKind, subject string, off int) {
	r.Notes.Add(Note{Kind: kind, Subject: subject, Count: 1, Places: []int{off}})
}

// Once notes something that is said once an input, where it was met first.
func (r *Input) Once(kind trace.NoticeKind, subject string, off int) {
	r.Notes.Add(Note{Kind: kind, Subject: subject, Count: 1, once: true, Places: []int{off}})
}

// Skipped counts n bytes at an offset that were passed over.
func (r *Input) Skipped(kind trace.NoticeKind, subject string, off, n int) {
	r.Notes.Add(Note{Kind: kind, Subject: subject, Count: 1, Bytes: n, Places: []int{off}})
}

// NoteNamed counts something in a binary input.
func (r *Input) NoteNamed(kind trace.NoticeKind, subject, place string) {
	r.Notes.Add(Note{Kind: kind, Subject: subject, Count: 1, Named: []string{place}})
}

// Bad counts a field whose value at off was not what it must be; the span does without it.
func (r *Input) Bad(field, expected string, off int) {
	r.BadFields++
	r.Note(NoticeFields, fmt.Sprintf("%s not readable, expected %s", field, expected), off)
}

// Lost counts the part of a document that could not be read: it failed with fault, and reading goes on at end.
// What is lost begins behind the last span that was read.
func (r *Input) Lost(start, end int, fault *jsonscan.SyntaxError) {
	n := Note{
		Kind: NoticeDamaged, Subject: "invalid JSON", Count: 1, Bytes: end - max(start, r.Good),
		Detail: fmt.Sprintf("expected %s, found %s", fault.Expected, fault.Found), Places: []int{fault.Off},
	}
	if fault.Off >= len(r.Data) || r.Cut && end == len(r.Data) {
		n.Kind, n.Subject, n.Detail = trace.NoticeTruncated, truncated, MayLack
	}
	r.Notes.Add(n)
}

// NoteTruncated decides whether the input was cut off, and sees to it that a note says so.
func (r *Input) NoteTruncated() {
	isSaid := func(n Note) bool { return n.Kind == trace.NoticeTruncated }
	switch said := slices.ContainsFunc(r.Notes, isSaid); {
	case said:
		r.Cut = true
	case r.Cut:
		r.Notes.Add(Note{Kind: trace.NoticeTruncated, Subject: truncated, Detail: MayLack, Count: 1})
	}
}

// Add counts a note with the one of its kind and subject.
func (all *Notes) Add(n Note) {
	for i := range *all {
		if known := &(*all)[i]; known.Kind == n.Kind && known.Subject == n.Subject {
			if n.once {
				return
			}
			known.Count += n.Count
			known.Bytes += n.Bytes
			if known.Single {
				known.Places[0] = min(known.Places[0], n.Places[0])
			} else if room := NotedPlaces - len(known.Places); room > 0 {
				known.Places = append(known.Places, n.Places[:min(room, len(n.Places))]...)
				slices.Sort(known.Places)
			}
			room := max(NotedPlaces-len(known.Named), 0)
			known.Named = append(known.Named, n.Named[:min(room, len(n.Named))]...)
			return
		}
	}
	*all = append(*all, n)
}

// InOrder sorts the notes by where they were met first.
func (all Notes) InOrder() {
	slices.SortStableFunc(all, func(a, b Note) int { return cmp.Compare(a.offset(), b.offset()) })
}

func (n *Note) offset() int {
	if len(n.Places) == 0 {
		return -1
	}
	return n.Places[0]
}

// Message is the note in words, without places.
func (n *Note) Message() string {
	var parts []string
	switch {
	case n.Bytes == 1:
		parts = append(parts, "1 byte skipped")
	case n.Bytes > 1:
		parts = append(parts, trace.Grouped(n.Bytes)+" bytes skipped")
	}
	if n.Detail != "" {
		parts = append(parts, n.Detail)
	}
	if len(parts) == 0 {
		return n.Subject
	}
	return n.Subject + ": " + strings.Join(parts, "; ")
}

// First names the first place; "" where none was noted.
func (n *Note) First(data []byte) string {
	switch {
	case len(n.Named) > 0:
		return n.Named[0]
	case len(n.Places) > 0:
		return jsonscan.PlaceOf(data, n.Places[0]).String()
	}
	return ""
}

// Notice turns a note into the notice for people.
func (n *Note) Notice(input string, data []byte) trace.Notice {
	out := trace.Notice{Kind: n.Kind, Input: input, Count: n.Count, Message: n.Message(), Places: n.Named}
	for _, off := range n.Places {
		out.Places = append(out.Places, jsonscan.PlaceOf(data, off).String())
	}
	switch {
	case len(out.Places) > 0 && n.Count == 1:
		out.Message += " (" + out.Places[0] + ")"
	case len(out.Places) > 0:
		out.Message += fmt.Sprintf(" (%s times, first at %s)", trace.Grouped(n.Count), out.Places[0])
	}
	return out
}

// Foreign takes back that the document that began at start is of a supported format.
func (r *Input) Foreign(start int) {
	r.Known--
	r.Unknown++
	r.Note(NoticeSkipped, NotTrace, start)
}

// NotTrace is said of JSON documents of other kinds.
const NotTrace = "JSON document without spans skipped"
