package zipkin

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"

	"tracefall/sources/jaeger"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// Version 1 of Zipkin's model has neither kinds nor local endpoints. What a span was is said by annotations, each of
// which says at which endpoint it happened, and by binary annotations, which are tags or addresses:
//
//	client  cs |------------------------| cr          ms, mr: a message was sent, received
//	server        sr |-----------| ss                 sa, ca, ma: the address of the server, the client, the broker
//
// A record holds one side of a call or both. Both become two spans under one id, which the builder tells apart.

// old is what a record has of version 1.
type old struct {
	ends []end // of the events of raw
	tags []oldTag
}

func (o *old) reset() { o.ends, o.tags = o.ends[:0], o.tags[:0] }

// end is an endpoint of version 1. The zero value is one that was not said.
type end struct {
	said             bool
	service, address trace.Symbol
	port             int64
}

// oldTag is a binary annotation. Its value is read when it is known which side it belongs to.
type oldTag struct {
	jaeger.Tag
	at      end
	address byte // s, c or m of sa, ca, ma; 0 for a tag
	local   bool // lc: the name of a local component
}

// isOldSpan reports whether the record is one of version 1. Events of version 2 have no endpoints, and its spans a kind.
func (r *Reader) isOldSpan() bool {
	if len(r.old.tags) > 0 {
		return true
	}
	for i, at := range r.old.ends {
		if at.said || r.coreOf(&r.Span.Events[i]) != (core{}) && r.Span.Kind == trace.KindUnspecified {
			return true
		}
	}
	return false
}

// end reads an endpoint of version 1. Where it stands for a thrift structure its address is a number.
func (r *Reader) end() end {
	if !r.EnterObject("endpoint") {
		return end{}
	}
	at := end{said: true}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "serviceName", "service_name":
			at.service = r.SymbolOf("serviceName")
		case "ipv4", "ipv6":
			text := r.StringOf("address")
			if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
				text = nil
				if n != 0 {
					text = []byte(netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, uint32(n)))).String())
				}
			}
			if len(text) > 0 {
				at.address = r.B.Symbol(text)
			}
		case "port":
			at.port = r.Int64Of("port")
		}
	}
	return at
}

// binaryAnnotations notes tags and addresses.
func (r *Reader) binaryAnnotations() {
	for range r.ObjectsOf("binaryAnnotations") {
		t := oldTag{Tag: jaeger.Tag{ValueAt: -1}}
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "key":
				name := r.StringOf("binaryAnnotations.key")
				switch string(name) {
				case "sa", "ca", "ma":
					t.address = name[0]
				case "lc":
					t.local = true
				}
				t.Meaning, t.Name = jaeger.Meanings[string(name)], r.B.Symbol(name)
			case "value":
				t.ValueAt = r.Pos
			case "type", "annotationType", "annotation_type":
				t.Kind = thriftType(r.StringOf("binaryAnnotations.type"))
			case "endpoint", "host":
				t.at = r.end()
			}
		}
		r.old.tags = append(r.old.tags, t)
	}
}

// thriftType returns the letter of a type that is written as its name or as its number in thrift.
func thriftType(text []byte) byte {
	if len(text) == 0 {
		return 0
	}
	if c := text[0]; jsonscan.IsDigit(c) {
		const letters = "bbiiids" // BOOL, BYTES, I16, I32, I64, DOUBLE, STRING
		if int(c-'0') < len(letters) {
			return letters[c-'0']
		}
		return 0
	}
	return text[0] | 0x20
}

// side is one side of a record.
type side struct {
	kind       trace.Kind
	start, end int64
	at, remote end
}

// An annotation tells of a side of the record, and of its start or its end.
type core struct {
	kind trace.Kind
	end  bool
}

var cores = map[string]core{
	"cs": {kind: trace.KindClient}, "cr": {kind: trace.KindClient, end: true},
	"sr": {kind: trace.KindServer}, "ss": {kind: trace.KindServer, end: true},
	"ms": {kind: trace.KindProducer}, "mr": {kind: trace.KindConsumer},
}

// coreOf returns what an event tells of, which mostly is no side.
func (r *Reader) coreOf(e *trace.RawEvent) core { return cores[r.B.Text(e.Name)] }

// oldSides works out the sides of the record: clients and producers first, one of no kind where none is told.
func (r *Reader) oldSides() []side {
	var by [trace.KindConsumer + 1]side
	for i := range r.Span.Events {
		e := &r.Span.Events[i]
		core := r.coreOf(e)
		side := &by[core.kind]
		side.kind = core.kind
		if !side.at.said {
			side.at = r.old.ends[i]
		}
		if core.end {
			side.end = max(side.end, e.Time)
		} else if side.start == 0 {
			side.start = e.Time
		}
	}
	var sides []side
	for _, kind := range [...]trace.Kind{trace.KindClient, trace.KindServer, trace.KindProducer, trace.KindConsumer} {
		if by[kind].kind != trace.KindUnspecified {
			sides = append(sides, by[kind])
		}
	}
	if sides != nil {
		return sides
	}
	return append(sides, r.lonelySide(by[trace.KindUnspecified].at))
}

// lonelySide is the side of a record without annotations that tell it: of the kind that was read, or the one that knows
// the address of the other.
func (r *Reader) lonelySide(at end) side {
	side := side{kind: r.Span.Kind, at: at}
	for _, t := range r.old.tags {
		switch {
		case t.local && t.at.said:
			side.at = t.at
		case t.address == 0 && !side.at.said:
			side.at = t.at
		case t.address == 's' && side.kind == trace.KindUnspecified:
			side.kind = trace.KindClient
		case t.address == 'c' && side.kind == trace.KindUnspecified:
			side.kind = trace.KindServer
		}
	}
	return side
}

// sideOf returns which side something belongs to by where it happened: the first where that tells nothing.
func sideOf(sides []side, at end) int {
	best := 0
	for i := range sides {
		side := &sides[i].at
		if !at.said || side.service != at.service {
			continue
		}
		if side.address == at.address {
			return i
		}
		if sides[best].at.service != at.service {
			best = i
		}
	}
	return best
}

// addressOf returns which side knows the address of another, -1 for none: a client its server's, a server its client's,
// both ends of a queue the broker's.
func addressOf(sides []side, address byte) int {
	knowing := map[byte][]trace.Kind{'s': {trace.KindClient}, 'c': {trace.KindServer}, 'm': {trace.KindProducer, trace.KindConsumer}}
	return slices.IndexFunc(sides, func(s side) bool { return slices.Contains(knowing[address], s.kind) })
}

// addOld adds the spans of the record of version 1 that was read.
func (r *Reader) addOld(x *extra, start int) {
	sides := r.oldSides()
	for _, t := range r.old.tags {
		if i := addressOf(sides, t.address); i >= 0 {
			sides[i].remote = t.at
		}
	}
	whole, end, service := r.Span, r.Pos, x.service
	events := slices.Clone(r.Span.Events)
	for i, side := range sides {
		own := extra{service: service}
		if i == 0 {
			own.Extra = x.Extra
		}
		r.oldSide(&whole, sides, i)
		if side.at.service != 0 {
			own.service = r.B.String(r.Names.Service, []byte(r.B.Text(side.at.service)))
		}
		for k, e := range events {
			if r.coreOf(&e) == (core{}) && sideOf(sides, r.old.ends[k]) == i {
				r.Span.Events = append(r.Span.Events, e)
			}
		}
		for _, t := range r.old.tags {
			if sideOf(sides, t.at) == i {
				r.oldTag(&t, &own.Extra)
			}
		}
		r.Pos = end
		r.addSpan(&own, start)
	}
}

// oldSide makes raw one side of a record: what the record says of the whole span holds for its first side.
func (r *Reader) oldSide(whole *trace.RawSpan, sides []side, i int) {
	side, raw := &sides[i], &r.Span
	*raw = *whole
	raw.Events, raw.Kind = nil, side.kind
	if i > 0 {
		raw.Attrs = nil
	}
	if i > 0 || raw.Start == 0 {
		raw.Start = side.start
	}
	if i > 0 || raw.Duration == trace.NoDuration {
		raw.Duration = trace.NoDuration
		if side.end != 0 && raw.Start != 0 {
			raw.Duration = side.end - raw.Start
		}
	}
	r.endAttrs(side.at, localAddress, localPort)
	r.endAttrs(side.remote, remoteAddress, remotePort)
	if side.remote.service != 0 {
		raw.Attrs = append(raw.Attrs, r.B.String(r.key(peerService), []byte(r.B.Text(side.remote.service))))
	}
}

func (r *Reader) endAttrs(at end, address, port string) {
	if at.address != 0 {
		r.Span.Attrs = append(r.Span.Attrs, r.B.String(r.key(address), []byte(r.B.Text(at.address))))
	}
	if at.port != 0 {
		r.Span.Attrs = append(r.Span.Attrs, trace.Int(r.key(port), at.port))
	}
}

// oldTag reads the value of a tag and appends it to raw. Addresses are no tags, and a local component without a name
// says nothing.
func (r *Reader) oldTag(t *oldTag, x *jaeger.Extra) {
	if t.address != 0 || t.ValueAt < 0 {
		return
	}
	r.Pos = t.ValueAt
	if t.local && r.Next() == '"' && len(r.Quoted().Raw) == 0 {
		return
	}
	r.Pos = t.ValueAt
	r.spanTag(&t.Tag, x)
}
