package sources

import (
	"bytes"
	"fmt"
	"slices"

	"tracefall/sources/trace"
)

// documentReader reads the documents of an input: it finds where they begin, what they are and what to do about damage, and
// has them read. Workers on one input have one each.
type documentReader struct {
	*reader
	formats    []format
	open       map[*format]decoder // those of formats that were met
	recognised outline
	keyMaps    []KeyMap      // of the formats that are the user's own
	flat       *flatDecision // of flat spans; nil where there are none

	knownFrom, knownAt int  // of resumeAt
	junkEnd            int  // of the text that was skipped last
	salvaged           bool // a list was entered in its middle
}

// newReader returns a reader over bytes that stay as they are until the builder's set is closed.
func newReader(b *trace.Builder, data []byte) *documentReader {
	r := &documentReader{reader: newInput(b, data), formats: append(formats(), slices.Concat(quiet()...)...), open: map[*format]decoder{}}
	r.reread = r.converted
	return r
}

// decoder returns what reads documents of the format. It remembers what it met, so there is one for all documents.
func (r *documentReader) decoder(f *format) decoder {
	d, ok := r.open[f]
	if !ok {
		d = f.open(r.reader)
		r.open[f] = d
	}
	return d
}

// documents reads JSON documents to the end: one, one a line or one after the other. Damaged and unknown ones, and
// text between them, are skipped with a notice. The error is the one of pause.
func (r *documentReader) documents() error {
	if r.pos == 0 {
		r.leading()
	}
	for !r.ended() && !r.join(atDocument) {
		r.tick()
		start := r.pos
		var f *format
		switch c := r.next(); {
		case c == '{' || c == '[' && isList(r.data[r.pos+1:]):
			r.salvaged = r.salvaged && r.data[r.pos-1] != '\n'
			f = r.document()
		case r.salvaged && (c == ',' || c == ']' || c == '}'):
			r.close()
		default:
			r.junk()
		}
		if r.err != nil && r.stop == nil {
			r.resume(start, f)
		}
		if r.stop != nil {
			return r.stop
		}
	}
	return r.stop
}

// document reads the document at pos and returns its format, nil for none of ours.
func (r *documentReader) document() *format {
	if f := r.recognise(); f != nil {
		r.known++
		r.decoder(f).document()
		return f
	}
	start := r.pos
	said := r.answered(start)
	r.skip()
	if said {
		r.unknown++
		return nil
	}
	if r.err == nil && len(bytes.TrimSpace(r.data[start+1:r.pos-1])) > 0 { // some exporters write {} for no spans
		r.unknown++
		r.note(NoticeSkipped, notTrace, start)
	}
	return nil
}

// leading skips what stands before the first document: a byte-order mark, and the NUL bytes of a file that was
// truncated under its writer.
func (r *documentReader) leading() {
	r.pos = len(r.data) - len(bytes.TrimPrefix(r.data, []byte("\ufeff")))
	start := r.pos
	for r.pos < len(r.data) && r.data[r.pos] == 0 {
		r.pos++
	}
	if n := r.pos - start; n > 0 {
		r.skipped(NoticeDamaged, "NUL bytes before the first document were skipped", start, n)
	}
}

// junkBytes is how much text is skipped at once, so that skipping a large file that is no trace can be stopped.
const junkBytes = 4 << 20

// junk skips text between the documents, such as the lines of a log: to a line that begins with a bracket, or to
// an object within a line, as behind the prefix that container tools put before each line.
func (r *documentReader) junk() {
	start := r.pos
	window := r.data[:min(len(r.data), start+junkBytes)]
	if r.pos = nextDocument(window, start); r.pos == len(window) && len(window) < len(r.data) {
		if line := bytes.LastIndexByte(window[start:], '\n'); line >= 0 {
			r.pos = start + line + 1
		}
	}
	if inLine := bytes.Index(r.data[start:r.pos], []byte(`{"`)); inLine >= 0 {
		r.pos = start + inLine
	}
	count := 1
	if start == r.junkEnd && start > 0 {
		count = 0 // more of the same text
	}
	r.junkEnd = r.pos
	r.notes.add(note{
		kind: NoticeSkipped, subject: "text between the documents was skipped", count: count, bytes: r.pos - start,
		places: []int{start}[:count],
	})
}

// resume notes the error that ended the document at start, of format f, and goes on at the next place where
// something whole begins: an element of the document's list, where the format can tell one, or else the next line
// that begins a document.
func (r *documentReader) resume(start int, f *format) {
	for r.err != nil && r.stop == nil {
		fault := r.err
		r.err, r.fresh = nil, false
		end := r.resumeAt(max(fault.off-1, start+1)) // the fault may be that the next one begins
		var p *part
		if f != nil && f.cut != nil {
			for off := max(fault.off, start+1); p == nil || p.at <= start; off++ {
				if p = f.cut(r.data[:end], off, true); p == nil {
					break
				}
			}
		}
		if p == nil {
			r.pos = end
			r.lost(start, end, fault)
			return
		}
		r.pos, r.salvaged = p.at, true
		r.lost(start, p.at, fault)
		start = p.at
		if !r.join(p.kind) {
			r.decoder(f).list(p.kind, true)
		}
	}
}

// close steps over what is left open when a list was entered in its middle: brackets, and members behind the list.
func (r *documentReader) close() {
	for r.err == nil {
		switch r.next() {
		case ']', '}':
			r.pos++
		case ',':
			if r.pos++; r.next() != '"' {
				return
			}
			r.quoted()
			if r.next() == ':' {
				r.pos++
				r.skip()
			}
		default:
			return
		}
	}
}

// To tell what a line is, only its first bytes are looked at, and only so many lines are: else a large file of
// lines that seem to begin documents would take time that grows with the square of its size.
const (
	lookBytes = 4 << 10
	lookLines = 1000
)

// nextKnown returns the offset of the next line from off on, within the data that begins the input, that begins a
// document of a format of ours; or the end of that data.
func (r *documentReader) nextKnown(data []byte, off int) int {
	start, whole := r.pos, r.data
	defer func() { r.pos, r.data = start, whole }()
	for range lookLines {
		if off = nextDocument(data, off); off == len(data) {
			return off
		}
		r.pos, r.data = off, data[:min(len(data), off+lookBytes)]
		if r.recognise() != nil {
			return off
		}
	}
	return off
}

// resumeAt is nextKnown for the whole input. It remembers the answer, which holds until reading comes past it.
func (r *documentReader) resumeAt(off int) int {
	if off < r.knownFrom || off > r.knownAt || r.knownAt == 0 {
		r.knownFrom, r.knownAt = off, r.nextKnown(r.data, off)
	}
	return r.knownAt
}

// converted reads what the input was turned into, of which the lines have the numbers of those in the input. With mapped
// it may be flat spans.
func (r *documentReader) converted(out []byte, mapped bool) {
	inner := newReader(r.b, out)
	inner.pause, inner.cut = r.pause, r.cut
	if mapped {
		inner.keyMaps = r.keyMaps
		inner.decideFlat()
	}
	r.stop = inner.documents()
	r.known, r.unknown = r.known+inner.known, r.unknown+inner.unknown
	for _, n := range inner.notes {
		for _, off := range n.places {
			n.named = append(n.named, fmt.Sprintf("line %d", placeOf(out, off).line))
		}
		n.places = nil
		r.notes.add(n)
	}
}
