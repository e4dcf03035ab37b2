package sources

import (
	"bytes"
	"fmt"
	"slices"

	"tracefall/sources/decode"
	"tracefall/sources/flatjson"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// documentReader reads the documents of an input: it finds where they begin, what they are and what to do about damage, and
// has them read. Workers on one input have one each.
type documentReader struct {
	*decode.Reader
	formats    []decode.Format
	open       map[*decode.Format]decode.Decoder // those of formats that were met
	recognised decode.Outline
	keyMaps    []KeyMap           // of the formats that are the user's own
	flat       *flatjson.Decision // of flat spans; nil where there are none

	knownFrom, knownAt int  // of resumeAt
	junkEnd            int  // of the text that was skipped last
	salvaged           bool // a list was entered in its middle
}

// newReader returns a reader over bytes that stay as they are until the builder's set is closed.
func newReader(b *trace.Builder, data []byte) *documentReader {
	r := &documentReader{Reader: decode.NewInput(b, data), formats: append(formats(), slices.Concat(quiet()...)...), open: map[*decode.Format]decode.Decoder{}}
	r.Reread = r.converted
	return r
}

// decoder returns what reads documents of the format. It remembers what it met, so there is one for all documents.
func (r *documentReader) decoder(f *decode.Format) decode.Decoder {
	d, ok := r.open[f]
	if !ok {
		d = f.Open(r.Reader)
		r.open[f] = d
	}
	return d
}

// documents reads JSON documents to the end: one, one a line or one after the other. Damaged and unknown ones, and
// text between them, are skipped with a notice. The error is the one of pause.
func (r *documentReader) documents() error {
	if r.Pos == 0 {
		r.leading()
	}
	for !r.Ended() && !r.Join(decode.AtDocument) {
		r.Tick()
		start := r.Pos
		var f *decode.Format
		switch c := r.Next(); {
		case c == '{' || c == '[' && decode.IsList(r.Data[r.Pos+1:]):
			r.salvaged = r.salvaged && r.Data[r.Pos-1] != '\n'
			f = r.document()
		case r.salvaged && (c == ',' || c == ']' || c == '}'):
			r.Close()
		default:
			r.junk()
		}
		if r.Err != nil && r.Stop == nil {
			r.resume(start, f)
		}
		if r.Stop != nil {
			return r.Stop
		}
	}
	return r.Stop
}

// document reads the document at pos and returns its format, nil where no format recognises it.
func (r *documentReader) document() *decode.Format {
	if f := r.recognise(); f != nil {
		r.Known++
		r.decoder(f).Document()
		return f
	}
	start := r.Pos
	said := r.answered(start)
	r.Skip()
	if said {
		r.Unknown++
		return nil
	}
	if r.Err == nil && len(bytes.TrimSpace(r.Data[start+1:r.Pos-1])) > 0 { // some exporters write {} for no spans
		r.Unknown++
		r.Note(decode.NoticeSkipped, decode.NotTrace, start)
	}
	return nil
}

// leading skips what stands before the first document: a byte-order mark, and the NUL bytes of a file that was
// truncated under its writer.
func (r *documentReader) leading() {
	r.Pos = len(r.Data) - len(bytes.TrimPrefix(r.Data, []byte("\ufeff")))
	start := r.Pos
	for r.Pos < len(r.Data) && r.Data[r.Pos] == 0 {
		r.Pos++
	}
	if n := r.Pos - start; n > 0 {
		r.Skipped(decode.NoticeDamaged, "NUL bytes before the first document", start, n)
	}
}

// junkBytes is how much text is skipped at once, so that skipping a large file that is no trace can be stopped.
const junkBytes = 4 << 20

// junk skips text between the documents, such as the lines of a log: to a line that begins with a bracket, or to
// an object within a line, as behind the prefix that container tools put before each line.
func (r *documentReader) junk() {
	start := r.Pos
	window := r.Data[:min(len(r.Data), start+junkBytes)]
	if r.Pos = decode.NextDocument(window, start); r.Pos == len(window) && len(window) < len(r.Data) {
		if line := bytes.LastIndexByte(window[start:], '\n'); line >= 0 {
			r.Pos = start + line + 1
		}
	}
	if inLine := bytes.Index(r.Data[start:r.Pos], []byte(`{"`)); inLine >= 0 {
		r.Pos = start + inLine
	}
	count := 1
	if start == r.junkEnd && start > 0 {
		count = 0 // more of the same text
	}
	r.junkEnd = r.Pos
	r.Notes.Add(decode.Note{
		Kind: decode.NoticeSkipped, Subject: "text between documents", Count: count, Bytes: r.Pos - start,
		Places: []int{start}[:count],
	})
}

// resume notes the error that ended the document at start, of format f, and goes on at the next place where
// something whole begins: an element of the document's list, where the format can tell one, or else the next line
// that begins a document.
func (r *documentReader) resume(start int, f *decode.Format) {
	for r.Err != nil && r.Stop == nil {
		fault := r.Err
		r.Err, r.Fresh = nil, false
		end := r.resumeAt(max(fault.Off-1, start+1)) // the fault may be that the next one begins
		var p *decode.Part
		if f != nil && f.Cut != nil {
			for off := max(fault.Off, start+1); p == nil || p.At <= start; off++ {
				if p = f.Cut(r.Data[:end], off, true); p == nil {
					break
				}
			}
		}
		if p == nil {
			r.Pos = end
			r.Lost(start, end, fault)
			return
		}
		r.Pos, r.salvaged = p.At, true
		r.Lost(start, p.At, fault)
		start = p.At
		if !r.Join(p.Kind) {
			r.decoder(f).List(p.Kind, true)
		}
	}
}

// Close steps over what is left open when a list was entered in its middle: brackets, and members behind the list.
func (r *documentReader) Close() {
	for r.Err == nil {
		switch r.Next() {
		case ']', '}':
			r.Pos++
		case ',':
			if r.Pos++; r.Next() != '"' {
				return
			}
			r.Quoted()
			if r.Next() == ':' {
				r.Pos++
				r.Skip()
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
// document of a supported format; or the end of that data.
func (r *documentReader) nextKnown(data []byte, off int) int {
	start, whole := r.Pos, r.Data
	defer func() { r.Pos, r.Data = start, whole }()
	for range lookLines {
		if off = decode.NextDocument(data, off); off == len(data) {
			return off
		}
		r.Pos, r.Data = off, data[:min(len(data), off+lookBytes)]
		if r.recognise() != nil {
			return off
		}
	}
	return off
}

// resumeAt is nextKnown for the whole input. It remembers the answer, which holds until reading comes past it.
func (r *documentReader) resumeAt(off int) int {
	if off < r.knownFrom || off > r.knownAt || r.knownAt == 0 {
		r.knownFrom, r.knownAt = off, r.nextKnown(r.Data, off)
	}
	return r.knownAt
}

// converted reads what the input was turned into, of which the lines have the numbers of those in the input. With mapped
// it may be flat spans.
func (r *documentReader) converted(out []byte, mapped bool) {
	inner := newReader(r.B, out)
	inner.Pause, inner.Cut = r.Pause, r.Cut
	if mapped {
		inner.keyMaps = r.keyMaps
		inner.decideFlat()
	}
	r.Stop = inner.documents()
	r.Known, r.Unknown = r.Known+inner.Known, r.Unknown+inner.Unknown
	for _, n := range inner.Notes {
		for _, off := range n.Places {
			n.Named = append(n.Named, fmt.Sprintf("line %d", jsonscan.PlaceOf(out, off).Line))
		}
		n.Places = nil
		r.Notes.Add(n)
	}
}
