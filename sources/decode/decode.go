package decode

import (
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// Input is an input that is JSON, and what is to be said about it.
type Input struct {
	jsonscan.Scanner
	Notes     Notes
	BadFields int // counted by bad
	Told      answers
	Known     int  // documents of a supported format
	Unknown   int  // other documents
	Good      int  // position behind the last span that was read
	Cut       bool // the input was cut off within a document
	Inner     bool // what is scanned is text from within the input, which does not stay

	Pause func() error // looks whether reading must stop; nil: never
	Stop  error        // what pause said

	idText  []byte        // the trace id that was read last, as written
	idTrace trace.TraceID // and what it says
}

// Values reads values of which the type is known but not the spelling.
type Values struct {
	Input
	IDs  idStyle
	JSON []byte // the array or map being read
}

// Reader is what a decoder reads with: the scanner over one input and the builder that is filled.
type Reader struct {
	Values
	B      *trace.Builder
	Blob   uint32        // data, as the builder knows it: what StringAt refers to
	Span   trace.RawSpan // filled and added, one span after the other
	Names  keyNames
	Shared []trace.Attr // of the resource or scope being read
	Before int          // spans of the builder when reading began

	Ahead       *Part                         // what another worker reads from some place on; nil: nothing
	PartsBefore int                           // of the parts of a binary format before where reading began
	Reread      func(out []byte, mapped bool) // reads what the input was turned into, of which the lines have the same numbers
}

// NewInput returns a reader over bytes that stay as they are until the builder's set is closed.
func NewInput(b *trace.Builder, data []byte) *Reader {
	r := &Reader{B: b, Blob: b.Blob(data), Names: newNames(b), Before: b.Spans()}
	r.Scanner, r.IDs = jsonscan.Scanner{Data: data}, guessIDStyle(data)
	r.Look = r.ask
	return r
}

// Decoder reads the documents of a format.
type Decoder struct {
	// Document reads one document, which begins at the reader's position, or a whole binary input. It stops at the
	// first structural error, which is the scanner's err (for a binary format, one made with reader.damaged);
	// what was read until then stays.
	Document func()
	// List reads the elements from the position to the end of their list, in the middle of which it is. With beyond it
	// also reads the members behind the list that belong to it; otherwise whoever joins does. nil for a format without
	// lists.
	List func(kind Boundary, beyond bool)
}
