package otlpproto

import "google.golang.org/protobuf/encoding/protowire"

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

// protoFields steps through all fields of a message that is whole.
//
//	for f := fieldsOf(msg, at); f.next(); {
//		switch f.tag {
//		case 1<<3 | wireBytes: … f.value
//		case 2<<3 | wireVarint: … f.number
//		}
//	}
type protoFields struct {
	msg     []byte
	pos     int
	at      int    // the offset of msg within the record
	tag     uint64 // number and wire type of the field: what comes in another type than it should is another field
	number  uint64 // of a varint, or of 4 or 8 bytes
	value   []byte // of a length-delimited field
	valueAt int    // the offset of value within the record
	damaged bool   // the message is not what protobuf allows; a pointer to the reader's own flag costs a sixth of reading
}

// The wire types, which are the last three bits of a tag.
const (
	wireVarint = uint64(protowire.VarintType)
	wireFixed4 = uint64(protowire.Fixed32Type)
	wireFixed8 = uint64(protowire.Fixed64Type)
	wireBytes  = uint64(protowire.BytesType)
)

func fieldsOf(msg []byte, at int) protoFields { return protoFields{msg: msg, at: at} }

// Next goes to the next field. Behind the last one, or where the message is damaged, there is none.
func (f *protoFields) Next() bool {
	if f.pos >= len(f.msg) || f.damaged {
		return false
	}
	rest := f.msg[f.pos:]
	tag, n := protowire.ConsumeVarint(rest)
	number, kind := protowire.DecodeTag(tag)
	if n < 0 || number < protowire.MinValidNumber {
		f.damaged = true
		return false
	}
	var m int
	switch rest = rest[n:]; kind {
	case protowire.VarintType:
		f.number, m = protowire.ConsumeVarint(rest)
	case protowire.Fixed64Type:
		f.number, m = protowire.ConsumeFixed64(rest)
	case protowire.Fixed32Type:
		var short uint32
		short, m = protowire.ConsumeFixed32(rest)
		f.number = uint64(short)
	case protowire.BytesType:
		f.value, m = protowire.ConsumeBytes(rest)
		f.valueAt = f.at + f.pos + n + m - len(f.value)
	default:
		m = protowire.ConsumeFieldValue(number, kind, rest)
	}
	if m < 0 {
		f.damaged = true
		return false
	}
	f.tag = tag
	f.pos += n + m
	return true
}
