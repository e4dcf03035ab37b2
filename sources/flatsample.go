package sources

import (
	"bytes"
	"slices"

	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/flatjson"
	"tracefall/sources/jsonscan"
	"tracefall/sources/otlp"
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

// surely reports whether the document that was recognised last can be nothing but one of the format.
func (r *documentReader) surely(f *decode.Format) bool {
	return f != nil && f.Sure != nil && f.Sure(&r.recognised)
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
	r.flat = &flatjson.Decision{Mapping: m, Refusal: refusal}
	if m != nil || refusal != nil && refusal.Sure {
		r.formats = slices.DeleteFunc(slices.Clone(r.formats), func(f decode.Format) bool {
			return f.Document != nil && (f.Name != otlp.Name || s.claimed)
		})
	}
	if m == nil {
		return
	}
	r.formats = append(r.formats, decode.Format{Name: m.What, Document: isFlat(m), Open: flatjson.ReadFlat(r.flat)})
	if m.Decimal {
		r.flat.High = (&flatjson.Reader{Reader: otlp.New(r.Reader), Flat: r.flat}).HighHalves()
	}
}

// isFlat recognises the documents that a mapping is for.
func isFlat(m *flat.Mapping) func(*decode.Outline) bool {
	heads := func(f flat.Field) []string {
		var keys []string
		for _, s := range m.Sources[f] {
			keys = append(keys, s.Path.Keys()[0])
		}
		return keys
	}
	known := func(o *decode.Outline, keys []string) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return o.Has(key) })
	}
	if list := m.List.Keys(); len(list) > 0 {
		return func(o *decode.Outline) bool { return o.Has(list[0]) || list[0] == flat.AnyKey && o.Ended }
	}
	traces, spans := heads(flat.Trace), heads(flat.Span)
	return func(o *decode.Outline) bool {
		return known(o, traces) && known(o, spans) || o.Array && o.Ended ||
			o.Ended && len(o.Keys) == 1 && (o.Is("index", '{') || o.Is("create", '{')) // between the lines of a bulk request
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
	pos, data, notes, lookAt, look := r.Pos, r.Data, len(r.Notes), r.LookAt, r.Look
	defer func() {
		r.Pos, r.Data, r.Notes, r.LookAt, r.Look = pos, data, r.Notes[:notes], lookAt, look
		r.Err, r.Fresh = nil, false
	}()
	r.Data, r.Look = data[:min(len(data), sampleBytes)], nil
	r.Pos = decode.BlankBefore(r.Data)
	for !s.full && !r.Ended() {
		if c := r.Next(); c != '{' && c != '[' {
			start := r.Pos
			r.Pos = decode.NextDocument(r.Data, start)
			if inLine := bytes.Index(r.Data[start:r.Pos], []byte(`{"`)); inLine > 0 {
				r.Pos = start + inLine
			}
			continue
		}
		start := r.Pos
		f := r.recognise()
		if !r.surely(f) {
			s.claimed = s.claimed || f != nil && f.Name == otlp.Name
			s.value("", 0)
			s.full = s.full || s.most() >= sampleRecords
		}
		if r.Err, r.Pos, r.Fresh = nil, start, false; len(s.lists) == 0 {
			r.Data = r.Data[:min(len(r.Data), sampleOther)] // hardly a file of flat spans
		}
		if r.Skip(); r.Err != nil {
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
	if flat.ByID(path) && r.Object() {
		for _, ok := r.Key(); ok && !s.full; _, ok = r.Key() {
			s.record(path, depth)
		}
		return
	}
	if !r.Array() {
		s.record(path, depth)
		return
	}
	for r.Element() && !s.full {
		if !r.Array() {
			s.record(path, depth)
			continue
		}
		for r.Element() && !s.full {
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
	if r.Next() != '{' {
		r.Skip()
		return
	}
	var record flat.Record
	var lists []listAt
	if path == "" && s.byID() {
		lists = append(lists, listAt{flat.AnyKey, r.Pos})
		r.Skip()
	} else {
		s.Object(&record, &lists, "", 0)
	}
	if l := s.list(path); r.Err == nil || len(l.Records) == 0 { // a first one that is larger than the sample counts
		l.Records = append(l.Records, record)
		s.elsewhere = !s.mapped && flat.BelongsElsewhere(record, path)
		s.full = s.full || s.elsewhere || len(l.Records) >= sampleRecords
	}
	end, fault := r.Pos, r.Err
	for _, at := range lists {
		if depth == sampleLists || s.full || path == "" && len(s.lists) > 64 {
			break
		}
		inner := at.path
		if path != "" {
			inner = path.Child(string(at.path))
		}
		r.Pos, r.Err, r.Fresh = at.off, nil, false
		if l := s.list(inner); len(l.Outer) < sampleRecords {
			l.Outer = append(l.Outer, record)
		}
		s.value(inner, depth+1)
	}
	r.Pos, r.Err = end, fault
}

// Object takes an object apart into cells.
func (s *sampler) Object(record *flat.Record, lists *[]listAt, path flat.Path, depth int) {
	r := s.r
	r.Object()
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		s.cell(record, lists, path.Child(string(key)), depth)
	}
}

// byID reports whether the object that comes next holds spans by their ids: its first two members, if it has two, are
// objects that have the ids of a span. The position stays.
func (s *sampler) byID() bool {
	r := s.r
	start, fault := r.Pos, r.Err
	defer func() { r.Pos, r.Err, r.Fresh = start, fault, false }()
	r.Object()
	n := 0
	for _, ok := r.Key(); ok && n < 2; _, ok = r.Key() {
		if !r.Object() {
			return false
		}
		var keys []string
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			if len(keys) < sampleCells {
				keys = append(keys, string(key))
			}
			r.Skip()
		}
		if !flat.NamesSpans(keys) {
			return false
		}
		n++
	}
	return n == 2 || n == 1 && r.Err == nil && bytes.HasSuffix(bytes.TrimRight(r.Data[:start], ": \t\r\n"), []byte(`spans"`))
}

// cell adds the next value to a record.
func (s *sampler) cell(record *flat.Record, lists *[]listAt, path flat.Path, depth int) {
	r := s.r
	c := flat.Cell{Path: path, Kind: r.Next()}
	if len(*record) >= sampleCells {
		r.Skip()
		return
	}
	switch {
	case c.Kind == '"':
		c.Text = string(jsonscan.AppendUnescaped(nil, flatjson.HeadOf(r.Quoted().Raw, flat.TextMost)))
	case c.Kind == '{' && len(*lists) < 4 && s.byID():
		*lists = append(*lists, listAt{path.Child(flat.AnyKey), r.Pos})
	case c.Kind == '{' && depth < sampleDepth:
		first := r.FirstKey()
		if first == "" {
			break
		}
		if !flat.IsMoment(first) {
			s.Object(record, lists, path, depth+1)
			return
		}
		c.Kind = flat.MomentKind
	case c.Kind == '[' && len(*lists) < 4:
		start := r.Pos
		if inner := bytes.TrimLeft(r.Data[start+1:], " \t\r\n"); len(inner) > 0 && (inner[0] == '{' || inner[0] == '[') {
			*lists = append(*lists, listAt{path, start})
		}
	case c.Kind == '-' || jsonscan.IsDigit(c.Kind):
		c.Kind, c.Text = 0, string(r.Number())
	}
	if c.Kind != 0 && c.Kind != '"' {
		raw := r.Scanner.Raw()
		c.Text = string(raw[:min(len(raw), flat.TextMost)])
	}
	if r.Err == nil {
		*record = append(*record, c)
	}
}
