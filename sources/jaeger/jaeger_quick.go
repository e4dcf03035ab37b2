package jaeger

import (
	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// quickJaegerSpan reads the fields with which a span begins in what Jaeger's query service writes, as far as they
// are there and have the usual form.
func (r *Reader) quickJaegerSpan() bool {
	d, p, raw := r.Data, r.Pos, &r.Span
	if len(d)-p < decode.Margin || !decode.Lit(d, p, `{"traceID":"`) {
		return false
	}
	p += len(`{"traceID":"`)
	if !r.QuickTraceID(p) {
		return false
	}
	raw.Trace = r.IDTrace
	p += 33
	if decode.Lit(d, p, `,"spanID":"`) && d[p+27] == '"' {
		if id, ok := decode.Hex16(d[p+11:]); ok {
			raw.ID.N = id
			p += 28
		}
	}
	r.Pos, r.Fresh = p, false
	return true
}

// quickTags reads tags from the element at pos on, as quickAttributes does attributes. With x they are a
// span's, and some stand for a field of OTLP.
func (r *Reader) quickTags(list *[]trace.Attr, x *Extra) bool {
	const open = uint64('{') | '"'<<8 | 'k'<<16 | 'e'<<24 | 'y'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	d, p := r.Data, r.Pos
	last := r.lastKey
	for len(d)-p > decode.Margin && jsonscan.Load8(d, p) == open {
		k := p + 8
		guess := &r.quick.Keys[last&255]
		if guess.After == last && guess.Raw != nil && decode.Begins(d[k:], guess.Raw) {
			k += len(guess.Raw)
		} else {
			end, ok := jsonscan.PlainEnd(d, k)
			if !ok || len(d)-end < decode.Margin {
				break
			}
			*guess = decode.KeyGuess{After: last, Key: r.B.Symbol(d[k:end]), Raw: d[k : end+1], Meaning: uint8(Meanings[string(d[k:end])])}
			k = end + 1
		}
		last = guess.Key
		r.lastKey = last
		if x != nil && TagMeaning(guess.Meaning) != tagPlain {
			end := r.quickMeant(x, TagMeaning(guess.Meaning), k)
			if end < 0 {
				break
			}
			if d[end] != ',' || d[end+1] != '{' {
				r.Pos = end
				return true
			}
			p = end + 1
			continue
		}
		value := &r.quick.Values[decode.Hashed(jsonscan.Load8(d, k+24), last, len(r.quick.Values))]
		if value.Raw != nil && value.Attr.Key() == last && decode.Begins(d[k:], value.Raw) {
			*list = append(*list, value.Attr)
			k += len(value.Raw)
		} else {
			a, end, ok := r.quickTagValue(last, k)
			if !ok {
				break
			}
			*list = append(*list, a)
			value.Raw, value.Attr = d[k:end], a
			k = end
		}
		if d[k] != ',' || d[k+1] != '{' {
			r.Pos = k
			return true
		}
		p = k + 1
	}
	r.Pos = p
	return false
}

// quickTagValue reads what stands between the key of a tag and its end: the type and a string, an integer or a
// boolean. There are bytes after the end.
func (r *Reader) quickTagValue(name trace.Symbol, p int) (a trace.Attr, end int, ok bool) {
	d := r.Data
	switch {
	case decode.Lit(d, p, `,"type":"string","value":"`):
		p += len(`,"type":"string","value":"`)
		end, ok := jsonscan.PlainEnd(d, p)
		if !ok || len(d)-end < 8 || d[end+1] != '}' {
			return a, p, false
		}
		return r.B.StringAt(name, r.Blob, p, end-p), end + 2, true
	case decode.Lit(d, p, `,"type":"int64","value":`):
		p += len(`,"type":"int64","value":`)
		n, end := decode.Digits18(d, p)
		if end == p || d[end] != '}' || d[p] == '0' && end > p+1 {
			return a, p, false
		}
		return trace.Int(name, n), end + 1, true
	case decode.Lit(d, p, `,"type":"bool","value":true}`):
		return trace.Bool(name, true), p + len(`,"type":"bool","value":true}`), true
	case decode.Lit(d, p, `,"type":"bool","value":false}`):
		return trace.Bool(name, false), p + len(`,"type":"bool","value":false}`), true
	}
	return a, p, false
}

// quickMeant puts a tag to where it belongs, from what stands between its key and its end on, which it returns;
// -1 where that needs a careful look.
func (r *Reader) quickMeant(x *Extra, m TagMeaning, p int) int {
	d := r.Data
	if m == TagError && decode.Lit(d, p, `,"type":"bool","value":true}`) {
		x.Failed = true
		return p + len(`,"type":"bool","value":true}`)
	}
	if !decode.Lit(d, p, `,"type":"string","value":"`) {
		return -1
	}
	p += len(`,"type":"string","value":"`)
	end, ok := jsonscan.PlainEnd(d, p)
	if !ok || len(d)-end < 8 || d[end+1] != '}' {
		return -1
	}
	text := d[p:end]
	switch m {
	case tagKind:
		r.Span.Kind, ok = trace.ParseKind(string(text))
	case tagStatusCode:
		x.code, ok = trace.ParseStatus(string(text))
	case tagScope:
		x.scope = r.B.Symbol(text)
	case tagScopeVersion:
		x.version = r.B.Symbol(text)
	case tagFormat:
	default:
		return -1
	}
	if !ok {
		return -1
	}
	return end + 2
}
