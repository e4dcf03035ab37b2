package sources

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// protoField is a length-delimited field of a protobuf message.
type protoField struct {
	number protowire.Number
	value  []byte
	at     int  // the offset of value within the record
	whole  bool // false: the field says that it is longer than what is there
}

// walkFields visits the length-delimited fields of a message that stands at offset at of its record. It returns
// the offset where the message is damaged or cut short, -1 for nowhere. The field that is cut short is
// visited too. No size that a field claims is believed beyond the bytes that are there.
func walkFields(msg []byte, at int, visit func(protoField)) int {
	for i := 0; i < len(msg); {
		number, kind, n := protowire.ConsumeTag(msg[i:])
		if n < 0 {
			return at + i
		}
		if kind != protowire.BytesType {
			m := protowire.ConsumeFieldValue(number, kind, msg[i+n:])
			if m < 0 {
				return at + i
			}
			i += n + m
			continue
		}
		length, m := protowire.ConsumeVarint(msg[i+n:])
		if m < 0 {
			return at + i
		}
		from := i + n + m
		if length > uint64(len(msg)-from) {
			visit(protoField{number, msg[from:], at + from, false})
			return at + len(msg)
		}
		i = from + int(length)
		visit(protoField{number, msg[from:i], at + from, true})
	}
	return -1
}

// eachField visits the fields of a message whose damage was counted already, or is when it is decoded.
func eachField(msg protoField, visit func(protoField)) {
	walkFields(msg.value, msg.at, visit)
}

// mendUTF8 returns a copy of a message in which every byte of a string that is no UTF-8 is a question mark; nil
// when there is none.
func mendUTF8(msg []byte, descriptor protoreflect.MessageDescriptor) []byte {
	type part struct {
		value      []byte
		descriptor protoreflect.MessageDescriptor
	}
	copied := bytes.Clone(msg)
	found := false
	for work := []part{{copied, descriptor}}; len(work) > 0; {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		walkFields(p.value, 0, func(f protoField) {
			field := p.descriptor.Fields().ByNumber(f.number)
			switch {
			case field == nil:
			case field.Kind() == protoreflect.StringKind:
				found = questionMarks(f.value) || found
			case field.Kind() == protoreflect.MessageKind:
				work = append(work, part{f.value, field.Message()})
			}
		})
	}
	if !found {
		return nil
	}
	return copied
}

// questionMarks overwrites bytes that are no UTF-8 and tells whether there were any.
func questionMarks(text []byte) bool {
	found := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			text[i] = '?'
			found = true
		}
		i += size
	}
	return found
}

// anyValues writes values as canonical JSON without recursion: they nest as deep as the sender likes.
type anyValues struct{ stack []anyFrame }

// anyFrame is an array or a map of which i elements are written.
type anyFrame struct {
	values []*commonpb.AnyValue
	pairs  []*commonpb.KeyValue
	i      int
	isMap  bool
}

// append appends a value to dst: no white space, bytes in base64, null for no value.
func (a *anyValues) append(dst []byte, v *commonpb.AnyValue) []byte {
	a.stack = a.stack[:0]
	dst = a.open(dst, v)
	for len(a.stack) > 0 {
		f := &a.stack[len(a.stack)-1]
		if f.i == len(f.values)+len(f.pairs) {
			if f.isMap {
				dst = append(dst, '}')
			} else {
				dst = append(dst, ']')
			}
			a.stack = a.stack[:len(a.stack)-1]
			continue
		}
		if f.i > 0 {
			dst = append(dst, ',')
		}
		f.i++
		if f.isMap {
			pair := f.pairs[f.i-1]
			dst = append(appendQuoted(dst, pair.GetKey()), ':')
			dst = a.open(dst, pair.GetValue())
			continue
		}
		dst = a.open(dst, f.values[f.i-1])
	}
	return dst
}

// open appends a scalar, or the start of an array or map whose elements are on the stack then.
func (a *anyValues) open(dst []byte, v *commonpb.AnyValue) []byte {
	switch v := v.GetValue().(type) {
	case *commonpb.AnyValue_StringValue:
		return appendQuoted(dst, v.StringValue)
	case *commonpb.AnyValue_BoolValue:
		return strconv.AppendBool(dst, v.BoolValue)
	case *commonpb.AnyValue_IntValue:
		return strconv.AppendInt(dst, v.IntValue, 10)
	case *commonpb.AnyValue_DoubleValue:
		return appendFloat(dst, v.DoubleValue)
	case *commonpb.AnyValue_BytesValue:
		return appendBase64(dst, v.BytesValue)
	case *commonpb.AnyValue_ArrayValue:
		a.stack = append(a.stack, anyFrame{values: v.ArrayValue.GetValues()})
		return append(dst, '[')
	case *commonpb.AnyValue_KvlistValue:
		a.stack = append(a.stack, anyFrame{pairs: v.KvlistValue.GetValues(), isMap: true})
		return append(dst, '{')
	}
	return append(dst, "null"...)
}
