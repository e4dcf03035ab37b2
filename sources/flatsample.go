package sources

import (
	"bytes"
	"slices"

	"tracefall/sources/flat"
)

// What is looked at to decide what the keys of flat spans mean: the head of the input, as far as it may take a
// millisecond or so to read.
const (
	sampleBytes   = 1 << 20
	sampleOther   = 32 << 10 // where the file begins with documents of other formats
	sampleRecords = 1000     // of a list
	sampleCells   = 256      // of a record
	sampleDepth   = 5        // of objects in a record
	sampleLists   = 3        // of lists in lists
)

// surely tells whether the document that was recognised last can be nothing but one of the format.
func (r *documentReader) surely(f *format) bool {
	return f != nil && f.sure != nil && f.sure(&r.recognised)
}

// decideFlat looks at the head of the input and, where its documents are flat spans, makes the reader know them.
// It is called before anything is read, so that all workers read alike.
func (r *documentReader) decideFlat() {
	s := sampler{r: r, mapped: len(r.keyMaps) > 0}
	s.run()
	if len(s.lists) == 0 || s.elsewhere {
		return
	}
	m, refusal := flat.Decide(s.lists, r.keyMaps)
	r.flat = &flatDecision{mapping: m, refusal: refusal}
	if m != nil || refusal != nil && refusal.Sure {
		r.formats = slices.DeleteFunc(slices.Clone(r.formats), func(f format) bool {
			return f.document != nil && (f.name != otlpName || s.claimed)
		})
	}
	if m == nil {
		return
	}
	r.formats = append(r.formats, format{name: m.What, document: isFlat(m), open: readFlat(r.flat)})
	if m.Decimal {
		r.flat.high = (&flatSpanReader{otlpReader: newOTLPReader(r.reader), flat: r.flat}).highHalves()
	}
}

// isFlat recognises the documents that a mapping is for.
func isFlat(m *flat.Mapping) func(*outline) bool {
	heads := func(f flat.Field) []string {
		var keys []string
		for _, s := range m.Sources[f] {
			keys = append(keys, s.Path.Keys()[0])
		}
		return keys
	}
	known := func(o *outline, keys []string) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return o.has(key) })
	}
	if list := m.List.Keys(); len(list) > 0 {
		return func(o *outline) bool { return o.has(list[0]) || list[0] == flat.AnyKey && o.ended }
	}
	traces, spans := heads(flat.Trace), heads(flat.Span)
	return func(o *outline) bool {
		return known(o, traces) && known(o, spans) || o.array && o.ended ||
			o.ended && len(o.keys) == 1 && (o.is("index", '{') || o.is("create", '{')) // between the lines of a bulk request
	}
}

// sampler gathers records from the head of an input.
type sampler struct {
	r         *documentReader
	lists     []flat.List
	full      bool
	mapped    bool // the user has key maps, which may be for anything
	elsewhere bool // the records are another reader's
	claimed   bool // OTLP's reader would take the documents
}

// run samples documents until there are enough. The reader stays where it is.
func (s *sampler) run() {
	r := s.r
	pos, data, notes, lookAt, look := r.pos, r.data, len(r.notes), r.lookAt, r.look
	defer func() {
		r.pos, r.data, r.notes, r.lookAt, r.look = pos, data, r.notes[:notes], lookAt, look
		r.err, r.fresh = nil, false
	}()
	r.data, r.look = data[:min(len(data), sampleBytes)], nil
	r.pos = blankBefore(r.data)
	for !s.full && !r.ended() {
		if c := r.next(); c != '{' && c != '[' {
			start := r.pos
			r.pos = nextDocument(r.data, start)
			if inLine := bytes.Index(r.data[start:r.pos], []byte(`{"`)); inLine > 0 {
				r.pos = start + inLine
			}
			continue
		}
		start := r.pos
		f := r.recognise()
		if !r.surely(f) {
			s.claimed = s.claimed || f != nil && f.name == otlpName
			s.value("", 0)
			s.full = s.full || s.most() >= sampleRecords
		}
		if r.err, r.pos, r.fresh = nil, start, false; len(s.lists) == 0 {
			r.data = r.data[:min(len(r.data), sampleOther)] // hardly a file of flat spans
		}
		if r.skip(); r.err != nil {
			return
		}
	}
}

func (s *sampler) most() int {
	most := 0
	for i := range s.lists {
		most = max(most, len(s.lists[i].Records))
	}
	return most
}

// list returns the list at a path, which may be new.
func (s *sampler) list(path flat.Path) *flat.List {
	for i := range s.lists {
		if s.lists[i].Path == path {
			return &s.lists[i]
		}
	}
	s.lists = append(s.lists, flat.List{Path: path})
	return &s.lists[len(s.lists)-1]
}

// value samples an object, or the objects of an array, of arrays in an array, or of an object that has them by id.
func (s *sampler) value(path flat.Path, depth int) {
	r := s.r
	if flat.ByID(path) && r.object() {
		for _, ok := r.key(); ok && !s.full; _, ok = r.key() {
			s.record(path, depth)
		}
		return
	}
	if !r.array() {
		s.record(path, depth)
		return
	}
	for r.element() && !s.full {
		if !r.array() {
			s.record(path, depth)
			continue
		}
		for r.element() && !s.full {
			s.record(path, depth)
		}
	}
}

// place is an array in a record that may be a list of spans.
type listAt struct {
	path flat.Path
	off  int
}

// record samples an object, and then the lists in it.
func (s *sampler) record(path flat.Path, depth int) {
	r := s.r
	if r.next() != '{' {
		r.skip()
		return
	}
	var record flat.Record
	var lists []listAt
	if path == "" && s.byID() {
		lists = append(lists, listAt{flat.AnyKey, r.pos})
		r.skip()
	} else {
		s.object(&record, &lists, "", 0)
	}
	if l := s.list(path); r.err == nil || len(l.Records) == 0 { // a first one that is larger than the sample counts
		l.Records = append(l.Records, record)
		s.elsewhere = !s.mapped && flat.BelongsElsewhere(record, path)
		s.full = s.full || s.elsewhere || len(l.Records) >= sampleRecords
	}
	end, fault := r.pos, r.err
	for _, at := range lists {
		if depth == sampleLists || s.full || path == "" && len(s.lists) > 64 {
			break
		}
		inner := at.path
		if path != "" {
			inner = path.Child(string(at.path))
		}
		r.pos, r.err, r.fresh = at.off, nil, false
		if l := s.list(inner); len(l.Outer) < sampleRecords {
			l.Outer = append(l.Outer, record)
		}
		s.value(inner, depth+1)
	}
	r.pos, r.err = end, fault
}

// object takes an object apart into cells.
func (s *sampler) object(record *flat.Record, lists *[]listAt, path flat.Path, depth int) {
	r := s.r
	r.object()
	for key, ok := r.key(); ok; key, ok = r.key() {
		s.cell(record, lists, path.Child(string(key)), depth)
	}
}

// byID tells whether the object that comes next holds spans by their ids: its first two members, if it has two, are
// objects that have the ids of a span. The position stays.
func (s *sampler) byID() bool {
	r := s.r
	start, fault := r.pos, r.err
	defer func() { r.pos, r.err, r.fresh = start, fault, false }()
	r.object()
	n := 0
	for _, ok := r.key(); ok && n < 2; _, ok = r.key() {
		if !r.object() {
			return false
		}
		var keys []string
		for key, ok := r.key(); ok; key, ok = r.key() {
			if len(keys) < sampleCells {
				keys = append(keys, string(key))
			}
			r.skip()
		}
		if !flat.NamesSpans(keys) {
			return false
		}
		n++
	}
	return n == 2 || n == 1 && r.err == nil && bytes.HasSuffix(bytes.TrimRight(r.data[:start], ": \t\r\n"), []byte(`spans"`))
}

// cell adds the next value to a record.
func (s *sampler) cell(record *flat.Record, lists *[]listAt, path flat.Path, depth int) {
	r := s.r
	c := flat.Cell{Path: path, Kind: r.next()}
	if len(*record) >= sampleCells {
		r.skip()
		return
	}
	switch {
	case c.Kind == '"':
		c.Text = string(appendUnescaped(nil, headOf(r.quoted().raw, flat.TextMost)))
	case c.Kind == '{' && len(*lists) < 4 && s.byID():
		*lists = append(*lists, listAt{path.Child(flat.AnyKey), r.pos})
	case c.Kind == '{' && depth < sampleDepth:
		first := r.firstKey()
		if first == "" {
			break
		}
		if !flat.IsMoment(first) {
			s.object(record, lists, path, depth+1)
			return
		}
		c.Kind = flat.MomentKind
	case c.Kind == '[' && len(*lists) < 4:
		start := r.pos
		if inner := bytes.TrimLeft(r.data[start+1:], " \t\r\n"); len(inner) > 0 && (inner[0] == '{' || inner[0] == '[') {
			*lists = append(*lists, listAt{path, start})
		}
	case c.Kind == '-' || isDigit(c.Kind):
		c.Kind, c.Text = 0, string(r.number())
	}
	if c.Kind != 0 && c.Kind != '"' {
		raw := r.scanner.raw()
		c.Text = string(raw[:min(len(raw), flat.TextMost)])
	}
	if r.err == nil {
		*record = append(*record, c)
	}
}
