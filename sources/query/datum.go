package query

import (
	"math"
	"strings"
	"time"
)

// Datum is a value of any kind, for comparing two references, for groups and for aggregates. These are seldom
// asked for; terms with constants take the shorter way of a matcher.
type Datum struct {
	Kind DatumKind
	Num  Number
	Text string
}

// DatumKind is what a datum is.
type DatumKind uint8

// The kinds of data.
const (
	DatumText DatumKind = iota
	DatumNumber
	DatumDuration
	DatumTime
)

// String writes a datum as a query would.
func (d Datum) String() string {
	switch d.Kind {
	case DatumNumber:
		return d.Num.String()
	case DatumDuration:
		if !d.Num.Whole {
			return WriteDuration(time.Duration(math.Round(d.Num.Float)))
		}
		return WriteDuration(time.Duration(d.Num.Int))
	case DatumTime:
		return timeText(d.Num.Int)
	default:
		return d.Text
	}
}

// CompareData compares two data where they are of one kind, or where a text reads as what the other is.
func CompareData(a, b Datum) int {
	if a.Kind == DatumText && b.Kind != DatumText {
		if c := CompareData(b, a); c != incomparable {
			return -c
		}
		return incomparable
	}
	if a.Kind != DatumText && b.Kind == DatumText {
		b = ReadAs(a.Kind, b.Text)
	}
	switch {
	case a.Kind != b.Kind:
		return incomparable
	case a.Kind == DatumText:
		return strings.Compare(a.Text, b.Text)
	}
	return Compare(a.Num, b.Num)
}

// ReadAs reads a text as a kind; it stays a text where it does not read as that.
func ReadAs(kind DatumKind, text string) Datum {
	switch kind {
	case DatumNumber:
		if n, ok := ReadNumber(text); ok {
			return Datum{Kind: kind, Num: n}
		}
	case DatumDuration:
		if d, ok := ReadDuration(text); ok {
			return Datum{Kind: kind, Num: WholeNumber(int64(d))}
		}
	case DatumTime:
		if at, ok := ReadTime(text); ok {
			return Datum{Kind: kind, Num: WholeNumber(at.UnixNano())}
		}
	default:
	}
	return Datum{Text: text}
}
