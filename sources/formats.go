package sources

import (
	"slices"

	"tracefall/sources/console"
	"tracefall/sources/decode"
	"tracefall/sources/elastic"
	"tracefall/sources/flatjson"
	"tracefall/sources/jaeger"
	"tracefall/sources/otlp"
	"tracefall/sources/otlpproto"
	"tracefall/sources/xray"
	"tracefall/sources/zipkin"
)

// known lists the formats, in the order in which they are tried.
func known() [][]decode.Format {
	return [][]decode.Format{
		otlp.Formats(),
		jaeger.Formats(),
		zipkin.Formats(),
		console.Formats(),
		elastic.Formats(),
		otlpproto.Formats(),
	}
}

// quiet lists formats that are read beside those: what is refused is not told to expect them.
func quiet() [][]decode.Format {
	return [][]decode.Format{
		xray.Formats(),
		flatjson.Tables(),
	}
}

func formats() []decode.Format { return slices.Concat(known()...) }

// recognise finds the format of the document at pos; nil when no format recognises it. The position stays.
func (r *documentReader) recognise() *decode.Format {
	start, fault, lookAt := r.Pos, r.Err, r.LookAt
	defer func() { r.Pos, r.Err, r.Fresh, r.LookAt = start, fault, false, lookAt }()
	o := &r.recognised
	o.Keys, o.Kinds, o.At, o.Ended, o.Data = o.Keys[:0], o.Kinds[:0], o.At[:0], false, r.Data
	if o.Array = r.Array(); o.Array && (!r.Element() || r.Array() && !r.Element()) {
		return nil
	}
	if !r.Object() {
		return nil
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		o.Keys = append(o.Keys, r.keyName(key))
		o.Kinds = append(o.Kinds, r.Next())
		o.At = append(o.At, r.Pos)
		if f := r.claimed(o); f != nil {
			return f
		}
		r.Skip()
	}
	o.Ended = r.Err == nil
	return r.claimed(o)
}

// claimed returns the format that recognises the outline; nil when none does.
func (r *documentReader) claimed(o *decode.Outline) *decode.Format {
	for i := range r.formats {
		if f := &r.formats[i]; f.Document != nil && f.Document(o) {
			return f
		}
	}
	return nil
}

// keyName returns a key as a string, the same one for the same key as last time in that place.
func (r *documentReader) keyName(key []byte) string {
	o := &r.recognised
	if n := len(o.Keys); n < cap(o.Keys) {
		if last := o.Keys[: n+1 : n+1][n]; last == string(key) {
			return last
		}
	}
	return string(key)
}

// sniffer returns a reader that can tell what documents of the data are, and nothing else.
func sniffer(data []byte) *documentReader {
	r := &documentReader{Reader: &decode.Reader{}, formats: formats()}
	r.Data = data
	return r
}
