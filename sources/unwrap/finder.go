package unwrap

import (
	"bytes"
	"io"
	"maps"
	"slices"
)

// Found is what stood in an input.
type Found struct {
	Documents int      // of one line or several, those behind something and those that stood free
	Wrapped   int      // those of them that stood within or behind something
	Others    int      // lines that belong to no document
	Around    []string // what stood around them, in the order in which it was met
	Records   int      // lines that are log records for certain, whatever they hold
	Sample    []byte   // the first of the lines that belong to no document
	Cut       bool     // the data ends within a document
}

const (
	sampleMost = 4 << 10
	heldMost   = 64 << 20  // bytes of documents that wait for another one to end
	joinedMost = 512 << 20 // bytes of a line that is joined from records
	openMost   = 64        // documents that are open at the same time
	nestMost   = 4         // records within records
)

// Documents writes the documents of a log to w, each from the start of a line, and says what it found. Other lines
// become empty ones, so that lines keep their number where documents do not interleave. It calls pause now and then with
// how far it is; an error ends it.
func Documents(w io.Writer, data []byte, pause func(at int) error) (Found, error) {
	f := finder{w: w, ended: bytes.Contains(data[:min(len(data), 1<<20)], []byte(`\n"`))}
	for at, looked := 0, 0; at < len(data) && f.err == nil; {
		if at >= looked {
			if err := pause(at); err != nil {
				return f.found, err
			}
			looked = at + 1<<20
		}
		end := bytes.IndexByte(data[at:], '\n')
		if end < 0 {
			end = len(data) - at
		}
		f.number++
		f.last = at+end >= len(data)
		f.text(bytes.TrimSuffix(data[at:at+end], []byte("\r")), "", 0)
		at += end + 1
	}
	f.end()
	return f.found, f.err
}

// finder is the state of one walk through a log.
type finder struct {
	w       io.Writer
	err     error
	found   Found
	open    []*document // the oldest first, which is the one that is written as it comes
	held    int         // bytes that wait in open and after
	after   []byte      // whole documents that wait until open[0] is whole
	joined  map[string][]byte
	scratch [nestMost][]byte // the text of a record, by how many it stands in
	number  int              // of the line at hand, from 1
	lines   int              // line feeds that were written
	painted bool             // the line at hand has colours
	ended   bool             // records end with a line feed, unless the next one goes on
	last    bool             // the line at hand is the last one and has no line feed
}

// document is one that goes on over lines.
type document struct {
	source   string
	before   prefix
	sure     bool // it is a document, and before stands before each line
	bare     bool // before stood before the first line only
	passed   bool // another line came, so it is too late for that
	indented bool // some line was
	wrapped  bool // it stands within or behind something
	brackets brackets
	start    int // the number of its first line
	held     []byte
	lines    int
}

// text takes a line of a source.
func (f *finder) text(line []byte, source string, nested int) {
	bare := withoutEscapes(line)
	f.painted = len(bare) < len(line)
	line = bare
	if rec, ok := criRecord(line); ok && nested < nestMost {
		f.record(rec, source, nested)
		return
	}
	for _, bare := range [...]bool{false, true} { // what takes any line comes last
		for i := len(f.open) - 1; i >= 0; i-- {
			if d := f.open[i]; d.bare == bare && d.source == source && f.takes(d, line) {
				return
			}
		}
	}
	f.search(line, source, nested)
}

// record takes what a record holds: lines of its source, the last of which may go on in the next record.
func (f *finder) record(rec record, source string, nested int) {
	f.around(rec.kind)
	if rec.certain {
		f.found.Records++
	}
	source += "\x00" + rec.source
	text := rec.text
	begun := f.joined[source]
	if len(begun) > 0 || rec.more {
		text = append(begun, text...)
	}
	if rec.more && len(text) < joinedMost {
		if f.joined == nil {
			f.joined = map[string][]byte{}
		}
		f.joined[source] = text
		return
	}
	if len(begun) > 0 {
		delete(f.joined, source)
	}
	for line := range bytes.SplitSeq(bytes.TrimRight(text, "\r\n"), []byte("\n")) {
		f.text(bytes.TrimSuffix(line, []byte("\r")), source, nested+1)
	}
}

// takes reports whether a line belongs to an open document, and adds it.
func (f *finder) takes(d *document, line []byte) bool {
	if !d.sure {
		if n, whole := d.before.match(line); whole && len(bytes.TrimSpace(line[n:])) == 0 {
			f.hold(d, nil)
			return true
		}
		if !f.learn(d, line) {
			return false
		}
	}
	n := 0
	if !d.bare {
		var whole bool
		if n, whole = d.before.match(line); !whole {
			return false
		}
	}
	if f.foreign(d, line, n) {
		return false
	}
	f.add(d, line[n:])
	return true
}

// foreign reports whether a line is none of the document, by its text from n on. In a document whose lines are indented,
// only brackets that close it are not; an opening one is the next document then, and this one was cut short.
func (f *finder) foreign(d *document, line []byte, n int) bool {
	if d.bare {
		n, whole := d.before.match(line)
		if at, _ := opening(line, n); whole && at == n {
			f.close(d)
			return true
		}
	}
	text := line[n:]
	if len(text) == 0 || blank(text[0]) {
		d.indented = d.indented || len(text) > 0
		return false
	}
	if !d.indented || text[0] == '}' || text[0] == ']' {
		return false
	}
	if at, end := opening(text, 0); at == 0 && end < 0 {
		f.close(d)
	}
	return true
}

// learn learns from the second line of a document what stands before each. It returns false where the line is none of
// the document: it is another's, or what seemed to begin a document did not.
func (f *finder) learn(d *document, line []byte) bool {
	n, whole := d.before.match(line)
	can := goesOn(line[n:])
	switch {
	case can && (n > 0 || !d.passed):
	case whole:
		f.drop(d)
		return false
	default:
		d.passed = true
		return false
	}
	f.around(d.before.kind())
	d.bare = n == 0
	if !d.bare {
		d.before = d.before.head(line, n)
	}
	f.trust(d)
	return true
}

// trust counts a document that is one for certain.
func (f *finder) trust(d *document) {
	d.sure = true
	f.found.Documents++
	if d.wrapped {
		f.found.Wrapped++
	}
	if len(d.before) == 0 && f.painted {
		f.around(colours)
	}
}

const colours = "text with terminal colours"

// search looks for documents in a line that belongs to none.
func (f *finder) search(line []byte, source string, nested int) {
	met := false
	for from := 0; ; {
		at, end := opening(line, from)
		if at < 0 {
			break
		}
		met = true
		if end < 0 {
			f.begin(line, at, source)
			return
		}
		f.single(line[from:at], line[at:end], source, nested)
		if from = end; from >= len(line) {
			break
		}
	}
	if met {
		return
	}
	if inner := quotedDocument(line); inner != nil && nested < nestMost {
		f.record(record{text: inner, kind: "log lines"}, source+"\x00\"", nested)
		return
	}
	f.other(line, source)
}

// begin opens a document that goes on in the next line.
func (f *finder) begin(line []byte, at int, source string) {
	if len(f.open) == openMost {
		f.close(f.open[0])
	}
	d := &document{source: source, start: f.number, before: prefixOf(line[:at]), wrapped: source != "" || at > 0 || f.painted}
	f.open = append(f.open, d)
	d.brackets.through(line[at:])
	if at == 0 {
		f.trust(d)
	}
	f.hold(d, line[at:])
}

// single takes a document of one line: a record, in which others may stand, or what is looked for.
func (f *finder) single(before, text []byte, source string, nested int) {
	if text[0] == '{' && nested < nestMost {
		f.scratch[nested] = slices.Grow(f.scratch[nested][:0], len(text)) // no escape grows
		if rec, ok := jsonRecord(text, f.ended, f.scratch[nested]); ok {
			f.record(rec, source+string(stable(before)), nested)
			return
		}
	}
	f.found.Documents++
	if source != "" || len(before) > 0 || f.painted {
		f.found.Wrapped++
	}
	if p := prefixOf(before[:min(len(before), prefixMost)]); len(p) > 0 {
		f.around(p.kind())
	} else if f.painted {
		f.around(colours)
	}
	if f.writing() {
		f.after = append(append(f.after, text...), '\n')
		f.holding(len(text) + 1)
		return
	}
	f.pad(f.number)
	f.write(text)
	f.write([]byte("\n"))
}

// stable returns what of a prefix is no time.
func stable(before []byte) []byte {
	var out []byte
	for _, piece := range prefixOf(before) {
		if !piece.time {
			out = append(out, piece.text...)
		}
	}
	return out
}

// writing reports whether the oldest open document is being written.
func (f *finder) writing() bool { return len(f.open) > 0 && f.open[0].sure }

// other counts a line that belongs to no document.
func (f *finder) other(line []byte, source string) {
	if len(bytes.TrimSpace(line)) == 0 {
		return
	}
	f.found.Others++
	if name := framing(line); name != "" && source == "" {
		f.found.Records++
		f.around(name)
		_, line, _ = bytes.Cut(line, []byte(" "))
		line = bytes.TrimLeft(line, " |")
	}
	if room := sampleMost - len(f.found.Sample); room > 0 {
		f.found.Sample = append(append(f.found.Sample, line[:min(room, len(line))]...), '\n')
	}
}

func (f *finder) around(kind string) {
	if !slices.Contains(f.found.Around, kind) {
		f.found.Around = append(f.found.Around, kind)
	}
}

// add adds a line to a document that is sure, and closes it with its last bracket. What stands behind that is dropped.
func (f *finder) add(d *document, text []byte) {
	if f.painted && !d.wrapped {
		d.wrapped = true
		f.found.Wrapped++
		f.around(colours)
	}
	end := d.brackets.through(text)
	if end >= 0 {
		text = text[:end]
	}
	if d == f.open[0] {
		f.release(d)
		f.pad(f.number)
		f.write(text)
		f.write([]byte("\n"))
	} else {
		f.hold(d, text)
	}
	if end >= 0 {
		f.close(d)
	}
}

// hold keeps a line of a document for later.
func (f *finder) hold(d *document, text []byte) {
	d.held = append(append(d.held, text...), '\n')
	d.lines++
	f.holding(len(text) + 1)
}

// holding counts bytes that wait. When they become many, the oldest open document is taken to be cut short, so that the
// others can be written.
func (f *finder) holding(n int) {
	for f.held += n; f.held > heldMost && len(f.open) > 0; {
		f.close(f.open[0])
	}
}

// release writes what was kept of a document.
func (f *finder) release(d *document) {
	if len(d.held) > 0 {
		f.pad(d.start)
	}
	f.write(d.held)
	f.held -= len(d.held)
	d.held = nil
}

// drop takes back that a document began.
func (f *finder) drop(d *document) {
	f.found.Others += d.lines
	f.held -= len(d.held)
	d.held = nil
	f.remove(d)
}

// close ends a document, whole or cut short, and writes what waited for it.
func (f *finder) close(d *document) {
	switch {
	case !d.sure:
		f.drop(d)
		return
	case d != f.open[0] && f.writing():
		f.after = append(f.after, d.held...)
	default:
		f.release(d)
	}
	f.remove(d)
}

// remove takes a document out of the list. When the oldest one goes, what waited for it is written.
func (f *finder) remove(d *document) {
	oldest := d == f.open[0]
	f.open = slices.DeleteFunc(f.open, func(o *document) bool { return o == d })
	if oldest {
		f.write(f.after)
		f.held -= len(f.after)
		f.after = nil
	}
}

func (f *finder) write(text []byte) {
	if f.err == nil && len(text) > 0 {
		_, f.err = f.w.Write(text)
		f.lines += bytes.Count(text, []byte("\n"))
	}
}

// pad writes empty lines up to the line with that number, so that what is written next has it.
func (f *finder) pad(number int) {
	feeds := bytes.Repeat([]byte("\n"), max(min(number-1-f.lines, 4<<10), 0))
	for missing := number - 1 - f.lines; missing > 0 && f.err == nil; missing = number - 1 - f.lines {
		f.write(feeds[:min(missing, len(feeds))])
	}
}

// end writes what is left: lines that were to go on, and documents that are cut short.
func (f *finder) end() {
	for _, source := range slices.Sorted(maps.Keys(f.joined)) {
		f.text(f.joined[source], source, nestMost)
	}
	for len(f.open) > 0 {
		d := f.open[0]
		f.found.Cut = f.found.Cut || d.sure || f.last && d.start == f.number
		f.close(d)
	}
	f.write(f.after)
}
