package otlpproto

import (
	"errors"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// fields steps through all fields of a message that is whole.
//
//	for f := fieldsOf(msg, at); f.Next(); {
//		switch f.tag {
//		case 1<<3 | wireBytes: … f.value
//		case 2<<3 | wireVarint: … f.number
//		}
//	}
type fields struct {
	msg     []byte
	pos     int
	at      int    // the offset of msg within the record
	tag     uint64 // number and wire type of the field: what comes in another type than it should is another field
	number  uint64 // of a varint, or of 4 or 8 bytes
	value   []byte // of a length-delimited field
	valueAt int    // the offset of value within the record
	cut     bool   // the field is length-delimited and says that it is longer than what is there
	damaged bool   // the message is not what protobuf allows; a pointer to the reader's own flag costs a sixth of reading
}

// The wire types, which are the last three bits of a tag.
const (
	wireVarint = uint64(protowire.VarintType)
	wireFixed4 = uint64(protowire.Fixed32Type)
	wireFixed8 = uint64(protowire.Fixed64Type)
	wireBytes  = uint64(protowire.BytesType)
)

func fieldsOf(msg []byte, at int) fields { return fields{msg: msg, at: at} }

// Next goes to the next field. Behind the last one, or where the message is damaged, there is none.
func (f *fields) Next() bool {
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

// NextPart is Next for a message of which the end may be missing: there it goes to the field that is cut short as well. No
// size that a field claims is believed beyond the bytes that are there.
func (f *fields) NextPart() bool {
	if f.Next() {
		return true
	}
	if !f.damaged || f.cut {
		return false
	}
	number, kind, n := protowire.ConsumeTag(f.msg[f.pos:])
	if n < 0 || kind != protowire.BytesType {
		return false
	}
	_, m := protowire.ConsumeVarint(f.msg[f.pos+n:])
	if m < 0 {
		return false
	}
	f.cut, f.tag, f.value, f.valueAt = true, protowire.EncodeTag(number, kind), f.msg[f.pos+n+m:], f.at+f.pos+n+m
	return true
}

// damagedAt returns the offset within the record where the message is damaged or cut short, -1 for nowhere.
func (f *fields) damagedAt() int {
	if !f.damaged {
		return -1
	}
	rest := f.msg[f.pos:]
	number, kind, n := protowire.ConsumeTag(rest)
	if n > 0 && kind != protowire.StartGroupType { // of which OTLP has none
		n = protowire.ConsumeFieldValue(number, kind, rest[n:])
	}
	if errors.Is(protowire.ParseError(n), io.ErrUnexpectedEOF) {
		return f.at + len(f.msg)
	}
	return f.at + f.pos
}
