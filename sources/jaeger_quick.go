package sources

import "tracefall/sources/trace"

// quickJaegerSpan reads the fields with which a span begins in what Jaeger's query service writes, as far as they
// are there and have the usual form.
func (r *jaegerReader) quickJaegerSpan() bool {
	d, p, raw := r.data, r.pos, &r.raw
	if len(d)-p < quickMargin || !lit(d, p, `{"traceID":"`) {
		return false
	}
	p += len(`{"traceID":"`)
	if !r.quickTraceID(p) {
		return false
	}
	raw.Trace = r.idTrace
	p += 33
	if lit(d, p, `,"spanID":"`) && d[p+27] == '"' {
		if id, ok := hex16(d[p+11:]); ok {
			raw.ID.N = id
			p += 28
		}
	}
	r.pos, r.fresh = p, false
	return true
}

// quickTags reads tags from the element at pos on, as quickAttributes does attributes. With x they are a
// span's, and some stand for a field of OTLP.
func (r *jaegerReader) quickTags(list *[]trace.Attr, x *jaegerExtra) bool {
	const open = uint64('{') | '"'<<8 | 'k'<<16 | 'e'<<24 | 'y'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	d, p := r.data, r.pos
	last := r.lastKey
	for len(d)-p > quickMargin && load8(d, p) == open {
		k := p + 8
		guess := &r.quick.keys[last&255]
		if guess.after == last && guess.raw != nil && begins(d[k:], guess.raw) {
			k += len(guess.raw)
		} else {
			end, ok := plainEnd(d, k)
			if !ok || len(d)-end < quickMargin {
				break
			}
			*guess = keyGuess{after: last, key: r.b.Symbol(d[k:end]), raw: d[k : end+1], meaning: uint8(meanings[string(d[k:end])])}
			k = end + 1
		}
		last = guess.key
		r.lastKey = last
		if x != nil && tagMeaning(guess.meaning) != tagPlain {
			end := r.quickMeant(x, tagMeaning(guess.meaning), k)
			if end < 0 {
				break
			}
			if d[end] != ',' || d[end+1] != '{' {
				r.pos = end
				return true
			}
			p = end + 1
			continue
		}
		value := &r.quick.values[hashed(load8(d, k+24), last, len(r.quick.values))]
		if value.raw != nil && value.attr.Key() == last && begins(d[k:], value.raw) {
			*list = append(*list, value.attr)
			k += len(value.raw)
		} else {
			a, end, ok := r.quickTagValue(last, k)
			if !ok {
				break
			}
			*list = append(*list, a)
			value.raw, value.attr = d[k:end], a
			k = end
		}
		if d[k] != ',' || d[k+1] != '{' {
			r.pos = k
			return true
		}
		p = k + 1
	}
	r.pos = p
	return false
}

// quickTagValue reads what stands between the key of a tag and its end: the type and a string, an integer or a
// boolean. There are bytes after the end.
func (r *jaegerReader) quickTagValue(name trace.Symbol, p int) (a trace.Attr, end int, ok bool) {
	d := r.data
	switch {
	case lit(d, p, `,"type":"string","value":"`):
		p += len(`,"type":"string","value":"`)
		end, ok := plainEnd(d, p)
		if !ok || len(d)-end < 8 || d[end+1] != '}' {
			return a, p, false
		}
		return r.b.StringAt(name, r.blob, p, end-p), end + 2, true
	case lit(d, p, `,"type":"int64","value":`):
		p += len(`,"type":"int64","value":`)
		n, end := quickInt(d, p)
		if end == p || d[end] != '}' || d[p] == '0' && end > p+1 {
			return a, p, false
		}
		return trace.Int(name, n), end + 1, true
	case lit(d, p, `,"type":"bool","value":true}`):
		return trace.Bool(name, true), p + len(`,"type":"bool","value":true}`), true
	case lit(d, p, `,"type":"bool","value":false}`):
		return trace.Bool(name, false), p + len(`,"type":"bool","value":false}`), true
	}
	return a, p, false
}

// quickMeant puts a tag to where it belongs, from what stands between its key and its end on, which it returns;
// -1 where that needs a careful look.
func (r *jaegerReader) quickMeant(x *jaegerExtra, m tagMeaning, p int) int {
	d := r.data
	if m == tagError && lit(d, p, `,"type":"bool","value":true}`) {
		x.failed = true
		return p + len(`,"type":"bool","value":true}`)
	}
	if !lit(d, p, `,"type":"string","value":"`) {
		return -1
	}
	p += len(`,"type":"string","value":"`)
	end, ok := plainEnd(d, p)
	if !ok || len(d)-end < 8 || d[end+1] != '}' {
		return -1
	}
	text := d[p:end]
	switch m {
	case tagKind:
		r.raw.Kind, ok = trace.ParseKind(string(text))
	case tagStatusCode:
		x.code, ok = trace.ParseStatus(string(text))
	case tagScope:
		x.scope = r.b.Symbol(text)
	case tagScopeVersion:
		x.version = r.b.Symbol(text)
	case tagFormat:
	default:
		return -1
	}
	if !ok {
		return -1
	}
	return end + 2
}
