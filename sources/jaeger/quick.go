package jaeger

import (
	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// quickSpan reads the fields with which a span begins in what Jaeger's query service writes, as far as they
// are there and have the usual form.
func (r *Reader) quickSpan() bool {
	if len(r.Data)-r.Pos < decode.Margin {
		return false
	}
	p := r.QuickIDs(r.Pos, `{"traceID":"`, `,"spanID":"`)
	if p < 0 {
		return false
	}
	r.Pos, r.Fresh = p, false
	return true
}

// quickValue reads what stands between the key of a tag and its end: the type and a string, an integer or a
// boolean.
func (r *Reader) quickValue(name trace.Symbol, p int) (a trace.Attr, end int, ok bool) {
	d := r.Data
	if from, end := r.quickText(p); end > 0 {
		return r.B.StringAt(name, r.Blob, from, end-from), end + len(`"}`), true
	}
	switch {
	case decode.Lit(d, p, `,"type":"int64","value":`):
		p += len(`,"type":"int64","value":`)
		n, end := decode.Digits18(d, p)
		return trace.Int(name, n), end + 1, end > p && d[end] == '}' && (d[p] != '0' || end == p+1)
	case decode.Lit(d, p, `,"type":"bool","value":true}`):
		return trace.Bool(name, true), p + len(`,"type":"bool","value":true}`), true
	case decode.Lit(d, p, `,"type":"bool","value":false}`):
		return trace.Bool(name, false), p + len(`,"type":"bool","value":false}`), true
	}
	return a, p, false
}

// quickText returns where the text of a tag that is a string begins and ends, 0 for none. There are bytes after it.
func (r *Reader) quickText(p int) (from, end int) {
	d := r.Data
	if !decode.Lit(d, p, `,"type":"string","value":"`) {
		return 0, 0
	}
	from = p + len(`,"type":"string","value":"`)
	end, ok := jsonscan.PlainEnd(d, from)
	if !ok || len(d)-end < 8 || d[end+1] != '}' {
		return 0, 0
	}
	return from, end
}

// quickMeant puts a tag to where it belongs, from what stands between its key and its end on, which it returns;
// -1 where that needs a careful look.
func (r *Reader) quickMeant(x *Extra, m TagMeaning, p int) int {
	if m == TagError && decode.Lit(r.Data, p, `,"type":"bool","value":true}`) {
		x.Failed = true
		return p + len(`,"type":"bool","value":true}`)
	}
	d := r.Data
	if !decode.Lit(d, p, `,"type":"string","value":"`) {
		return -1
	}
	p += len(`,"type":"string","value":"`)
	end, ok := jsonscan.PlainEnd(d, p)
	if !ok || len(d)-end < 8 || d[end+1] != '}' {
		return -1
	}
	text := d[p:end]
	switch {
	case !ok || m == tagFormat:
	case m == tagKind:
		r.Span.Kind, ok = trace.ParseKind(string(text))
	case m == tagStatusCode:
		x.code, ok = trace.ParseStatus(string(text))
	case m == tagScope:
		x.scope = r.B.Symbol(text)
	case m == tagScopeVersion:
		x.version = r.B.Symbol(text)
	default:
		ok = false
	}
	if !ok {
		return -1
	}
	return end + len(`"}`)
}
