package query

import (
	"math"
	"strings"
	"time"
)

// Datum is a value of any kind, for calculations, for comparing two references, for groups and for aggregates. These
// are seldom asked for; terms with constants take the shorter way of a matcher. The zero Datum is none.
type Datum struct {
	Kind FieldType // TypeText, TypeNumber, TypeDuration or TypeTime
	Num  Number    // of the last three: a count, nanoseconds, nanoseconds since the epoch
	Text string    // of TypeText
}

// String writes a datum as a query would.
func (d Datum) String() string {
	switch d.Kind {
	case TypeNumber:
		return d.Num.String()
	case TypeDuration:
		if !d.Num.Whole {
			return WriteDuration(time.Duration(math.Round(d.Num.Float)))
		}
		return WriteDuration(time.Duration(d.Num.Int))
	case TypeTime:
		return timeText(d.Num.Int)
	default:
		return d.Text
	}
}

// CompareData compares two data where they are of one kind, or where a text reads as what the other is.
func CompareData(a, b Datum) int {
	switch {
	case a.Kind == TypeText && b.Kind != TypeText:
		a = ReadAs(b.Kind, a.Text)
	case a.Kind != TypeText && b.Kind == TypeText:
		b = ReadAs(a.Kind, b.Text)
	}
	switch {
	case a.Kind != b.Kind:
		return incomparable
	case a.Kind == TypeText:
		return strings.Compare(a.Text, b.Text)
	}
	return Compare(a.Num, b.Num)
}

// ReadAs reads a text as a kind; it stays a text where it does not read as that.
func ReadAs(kind FieldType, text string) Datum {
	switch kind {
	case TypeNumber:
		if n, ok := ReadNumber(text); ok {
			return Datum{Kind: kind, Num: n}
		}
	case TypeDuration:
		if d, ok := ReadDuration(text); ok {
			return Datum{Kind: kind, Num: WholeNumber(int64(d))}
		}
	case TypeTime:
		if at, ok := ReadTime(text); ok {
			return Datum{Kind: kind, Num: WholeNumber(at.UnixNano())}
		}
	default:
	}
	return Datum{Kind: TypeText, Text: text}
}

// binaryType is the type of a calculation; ok is false where there is none.
func binaryType(op byte, a, b FieldType) (typ FieldType, ok bool) {
	switch {
	case !a.countable() || !b.countable():
		return TypeAny, false
	case a == TypeAny || b == TypeAny:
		return TypeAny, op != '^' || a != TypeDuration && b != TypeDuration
	case a == TypeNumber && b == TypeNumber:
		return TypeNumber, true
	}
	switch op {
	case '+', '-', '%':
		return TypeDuration, a == b
	case '*':
		return TypeDuration, a != b
	case '/':
		if a == b {
			return TypeNumber, true
		}
		return TypeDuration, a == TypeDuration
	}
	return TypeAny, false
}

// Calculate applies an operator of arithmetic. Whole numbers stay whole where that is exact; a division gives the
// exact quotient, not the whole part. ok is false where there is no result: for kinds that do not fit, and beyond what
// a double holds.
func Calculate(op byte, a, b Datum) (d Datum, ok bool) {
	if d.Kind, ok = binaryType(op, a.Kind, b.Kind); !ok {
		return Datum{}, false
	}
	if a.Num.Whole && b.Num.Whole {
		if i, exact := calculateWhole(op, a.Num.Int, b.Num.Int); exact {
			d.Num = WholeNumber(i)
			return d, true
		}
	}
	f := calculateDouble(op, a.Num.Float, b.Num.Float)
	if math.IsNaN(f) || math.IsInf(f, 0) || d.Kind == TypeDuration && math.Abs(f) > math.MaxInt64/2 {
		return Datum{}, false
	}
	d.Num = Number{Float: f}
	return d, true
}

// Negate turns the sign; ok is false for what has none.
func Negate(d Datum) (negated Datum, ok bool) {
	return Calculate('-', Datum{Kind: d.Kind, Num: WholeNumber(0)}, d)
}

func calculateDouble(op byte, a, b float64) float64 {
	switch op {
	case '+':
		return a + b
	case '-':
		return a - b
	case '*':
		return a * b
	case '/':
		return a / b
	case '%':
		return math.Mod(a, b)
	default:
		return math.Pow(a, b)
	}
}

// calculateWhole calculates with whole numbers; exact is false where the result is none.
func calculateWhole(op byte, a, b int64) (result int64, exact bool) {
	switch op {
	case '+':
		result = a + b
		return result, (result > a) == (b > 0)
	case '-':
		result = a - b
		return result, (result < a) == (b > 0)
	case '*':
		if a == 0 || b == 0 {
			return 0, true
		}
		result = a * b
		return result, result/b == a && (a != -1 || b != math.MinInt64) && (b != -1 || a != math.MinInt64)
	case '%':
		if b == 0 || b == -1 {
			return 0, b == -1
		}
		return a % b, true
	case '/':
		if b == 0 || b == -1 || a%b != 0 {
			return 0, false
		}
		return a / b, true
	}
	return 0, false
}
