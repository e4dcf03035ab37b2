package sources

import (
	"slices"
)

// known lists the formats, in the order in which they are tried.
func known() [][]format {
	return [][]format{
		otlpFormats(),
		jaegerFormats(),
		zipkinFormats(),
		consoleFormats(),
		elasticFormats(),
		protoFormats(),
	}
}

// quiet lists formats that are read beside those: what is refused is not told to expect them.
func quiet() [][]format {
	return [][]format{
		xrayFormats(),
		tableFormats(),
	}
}

func formats() []format { return slices.Concat(known()...) }

// recognise finds the format of the document at pos; nil when it is none of ours. The position stays.
func (r *documentReader) recognise() *format {
	start, fault, lookAt := r.pos, r.err, r.lookAt
	defer func() { r.pos, r.err, r.fresh, r.lookAt = start, fault, false, lookAt }()
	o := &r.recognised
	o.keys, o.kinds, o.at, o.ended, o.data = o.keys[:0], o.kinds[:0], o.at[:0], false, r.data
	if o.array = r.array(); o.array && (!r.element() || r.array() && !r.element()) {
		return nil
	}
	if !r.object() {
		return nil
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		o.keys = append(o.keys, r.keyName(key))
		o.kinds = append(o.kinds, r.next())
		o.at = append(o.at, r.pos)
		if f := r.claimed(o); f != nil {
			return f
		}
		r.skip()
	}
	o.ended = r.err == nil
	return r.claimed(o)
}

// claimed returns the format that recognises the outline; nil when none does.
func (r *documentReader) claimed(o *outline) *format {
	for i := range r.formats {
		if f := &r.formats[i]; f.document != nil && f.document(o) {
			return f
		}
	}
	return nil
}

// keyName returns a key as a string, the same one for the same key as last time in that place.
func (r *documentReader) keyName(key []byte) string {
	o := &r.recognised
	if n := len(o.keys); n < cap(o.keys) {
		if last := o.keys[: n+1 : n+1][n]; last == string(key) {
			return last
		}
	}
	return string(key)
}

// sniffer returns a reader that can tell what documents of the data are, and nothing else.
func sniffer(data []byte) *documentReader {
	r := &documentReader{reader: &reader{}, formats: formats()}
	r.data = data
	return r
}
