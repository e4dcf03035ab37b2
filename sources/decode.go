package sources

import "tracefall/sources/trace"

// jsonInput is an input that is JSON, and what is to be said about it.
type jsonInput struct {
	scanner
	notes     notes
	badFields int // counted by bad
	told      answers
	known     int  // documents of a format of ours
	unknown   int  // other documents
	good      int  // position behind the last span that was read
	cut       bool // the input was cut off within a document
	inner     bool // what is scanned is text from within the input, which does not stay

	pause func() error // looks whether reading must stop; nil: never
	stop  error        // what pause said

	idText  []byte        // the trace id that was read last, as written
	idTrace trace.TraceID // and what it says
}

// valueReader reads values of which the type is known but not the spelling.
type valueReader struct {
	jsonInput
	ids  idStyle
	json []byte // the array or map being read
}

// reader is what a decoder reads with: the scanner over one input and the builder that is filled.
type reader struct {
	valueReader
	b      *trace.Builder
	blob   uint32        // data, as the builder knows it: what StringAt refers to
	raw    trace.RawSpan // filled and added, one span after the other
	names  keyNames
	shared []trace.Attr // of the resource or scope being read
	before int          // spans of the builder when reading began

	ahead       *part                         // what another worker reads from some place on; nil: nothing
	partsBefore int                           // of the parts of a binary format before where reading began
	reread      func(out []byte, mapped bool) // reads what the input was turned into, of which the lines have the same numbers
}

func newInput(b *trace.Builder, data []byte) *reader {
	r := &reader{b: b, blob: b.Blob(data), names: newNames(b), before: b.Spans()}
	r.scanner, r.ids = scanner{data: data}, guessIDStyle(data)
	r.look = r.ask
	return r
}

// decoder reads the documents of a format.
type decoder struct {
	// document reads one document, which begins at the reader's position, or a whole binary input. It stops at the
	// first structural error, which is the scanner's err (for a binary format, one made with reader.damaged);
	// what was read until then stays.
	document func()
	// list reads the elements from the position to the end of their list, in the middle of which it is. With beyond it
	// also reads the members behind the list that belong to it; otherwise whoever joins does. nil for a format without
	// lists.
	list func(kind boundary, beyond bool)
}
