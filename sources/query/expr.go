package query

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Expr is a calculation, as TraceQL writes one: constants, references and, behind a pipe, aggregates, joined by
// arithmetic. What is no calculation, such as a key compared with a constant, does not stay one: it becomes the term
// that says the same.
type Expr struct {
	Kind     ExprKind
	Op       byte    // of ExprBinary: + - * / % ^
	Value    Literal // of ExprConstant
	Type     FieldType
	Ref      Ref
	Function Aggregate
	Args     []*Expr
}

// ExprKind is what an expression is.
type ExprKind uint8

// The kinds of expressions.
const (
	ExprConstant  ExprKind = iota
	ExprWord               // a word without quotes: a key on the left side, text on the right
	ExprRef                //
	ExprNegative           // of Args[0]
	ExprBinary             // of Args[0] and Args[1]
	ExprAggregate          // of Args[0], of none for count
)

// simple reports whether an expression is a single constant or reference.
func (e *Expr) simple() bool {
	return e.Kind == ExprConstant || e.Kind == ExprWord || e.Kind == ExprRef
}

// constant reports whether an expression is a constant that was written as one.
func (e *Expr) constant() bool { return e.Kind == ExprConstant }

// Visit calls visit for each reference.
func (e *Expr) Visit(visit func(Ref)) {
	if e == nil {
		return
	}
	if e.Kind == ExprRef {
		visit(e.Ref)
	}
	for _, arg := range e.Args {
		arg.Visit(visit) // the parser bounds the nesting
	}
}

// depth counts how deep an expression nests.
func (e *Expr) depth() int {
	inner := 0
	for _, arg := range e.Args {
		inner = max(inner, arg.depth())
	}
	return inner + 1
}

// The precedence of the operators of arithmetic; all of them join from the left.
func precedence(op byte) int {
	switch op {
	case '+', '-':
		return 1
	case '*', '/', '%':
		return 2
	case '^':
		return 3
	}
	return 0
}

// countable reports whether one can calculate with a type.
func (t FieldType) countable() bool { return t == TypeAny || t == TypeNumber || t == TypeDuration }

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

// arithmetic joins two expressions; it calculates what is constant. problem says why that has no result.
func arithmetic(op byte, a, b *Expr) (*Expr, problem) {
	typ, ok := binaryType(op, a.Type, b.Type)
	if !ok {
		return nil, mismatch(op, a, b)
	}
	e := &Expr{Kind: ExprBinary, Op: op, Type: typ, Args: []*Expr{a, b}}
	if a.Kind == ExprConstant && b.Kind == ExprConstant {
		d, ok := Calculate(op, a.Amount(), b.Amount())
		if !ok {
			return nil, problem{fmt.Sprintf("%s has no result", formatExpr(e)), ""}
		}
		return constantOf(d), problem{}
	}
	return e, problem{}
}

func mismatch(op byte, a, b *Expr) problem {
	for _, e := range []*Expr{a, b} {
		if !e.Type.countable() {
			return problem{fmt.Sprintf("%s is %s; %c takes numbers and durations", formatExpr(e), typeNames[e.Type], op), ""}
		}
	}
	return problem{fmt.Sprintf("%s is %s and %s is %s; %c does not join them; a duration needs a unit",
		formatExpr(a), typeNames[a.Type], formatExpr(b), typeNames[b.Type], op), ""}
}

// negative turns the sign of an expression.
func negative(e *Expr) (*Expr, problem) {
	if !e.Type.countable() {
		return nil, problem{fmt.Sprintf("%s is %s; - takes numbers and durations", formatExpr(e), typeNames[e.Type]), ""}
	}
	if e.Kind == ExprConstant {
		d, _ := Calculate('-', Datum{Kind: e.Amount().Kind, Num: Number{Whole: true}}, e.Amount())
		return constantOf(d), problem{}
	}
	return &Expr{Kind: ExprNegative, Type: e.Type, Args: []*Expr{e}}, problem{}
}

// Amount is the value of a constant.
func (e *Expr) Amount() Datum {
	switch e.Type {
	case TypeNumber:
		n, _ := ReadNumber(e.Value.Text)
		return Datum{Kind: DatumNumber, Num: n}
	case TypeDuration:
		d, _ := ReadDuration(e.Value.Text)
		return Datum{Kind: DatumDuration, Num: WholeNumber(int64(d))}
	default:
		return Datum{Text: e.Value.Text}
	}
}

// constantOf is the constant of a number or a duration.
func constantOf(d Datum) *Expr {
	if d.Kind == DatumDuration {
		ns := d.Num.Int
		if !d.Num.Whole {
			ns = int64(math.Round(d.Num.Float))
		}
		return &Expr{Kind: ExprConstant, Type: TypeDuration, Value: Literal{Text: WriteDuration(time.Duration(ns))}}
	}
	return &Expr{Kind: ExprConstant, Type: TypeNumber, Value: Literal{Text: d.Num.String()}}
}

// Calculate applies an operator of arithmetic. Whole numbers stay whole where that is exact; a division gives the
// exact quotient, not the whole part. ok is false where there is no result: for kinds that do not fit, and beyond what
// a double holds.
func Calculate(op byte, a, b Datum) (d Datum, ok bool) {
	typ, ok := binaryType(op, datumTypes[a.Kind], datumTypes[b.Kind])
	if !ok {
		return Datum{}, false
	}
	d.Kind = DatumNumber
	if typ == TypeDuration {
		d.Kind = DatumDuration
	}
	if a.Num.Whole && b.Num.Whole {
		if i, exact := calculateWhole(op, a.Num.Int, b.Num.Int); exact {
			d.Num = WholeNumber(i)
			return d, true
		}
	}
	f := calculateDouble(op, a.Num.Float, b.Num.Float)
	if math.IsNaN(f) || math.IsInf(f, 0) || d.Kind == DatumDuration && math.Abs(f) > math.MaxInt64/2 {
		return Datum{}, false
	}
	d.Num = Number{Float: f}
	return d, true
}

var datumTypes = [...]FieldType{DatumText: TypeText, DatumNumber: TypeNumber, DatumDuration: TypeDuration, DatumTime: TypeTime}

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

// formatExpr writes an expression so that it reads back as the same, within { } or behind a pipe.
func formatExpr(e *Expr) string {
	switch e.Kind {
	case ExprConstant:
		if e.Value.Quoted {
			return quote(e.Value.Text)
		}
		return e.Value.Text
	case ExprWord:
		return quote(e.Value.Text)
	case ExprRef:
		return formatRefInside(e.Ref)
	case ExprNegative:
		return "-" + formatPart(e.Args[0], 4)
	case ExprAggregate:
		if e.Function == AggregateCount {
			return "count()"
		}
		return aggregateNames[e.Function] + "(" + formatExpr(e.Args[0]) + ")"
	case ExprBinary:
	}
	p := precedence(e.Op)
	return formatPart(e.Args[0], p) + " " + string(e.Op) + " " + formatPart(e.Args[1], p+1)
}

// formatPart writes an operand, in parentheses where it binds less than the operator demands.
func formatPart(e *Expr, least int) string {
	if e.Kind == ExprBinary && precedence(e.Op) < least {
		return "(" + formatExpr(e) + ")"
	}
	if e.Kind == ExprNegative && least > 3 {
		return "(" + formatExpr(e) + ")"
	}
	return formatExpr(e)
}

// formatRefInside writes a reference as TraceQL does: an attribute without a level begins with a point.
func formatRefInside(r Ref) string {
	if r.Field != FieldNone {
		return r.Field.Info().name
	}
	prefix := ""
	if r.Parent {
		prefix = "parent."
	}
	if r.Level != "" {
		prefix += string(r.Level) + "."
	}
	if prefix == "" {
		prefix = "."
	}
	if r.bare() && !strings.ContainsAny(r.Key[:1], "0123456789") {
		return prefix + r.Key
	}
	return prefix + quote(r.Key)
}

// readSize reads a size in bytes with a unit: 10kB, 1.5MiB.
func readSize(text string) (Number, bool) {
	at := strings.LastIndexAny(text, "0123456789.") + 1
	if at == 0 || at == len(text) || len(text) > 64 {
		return Number{}, false
	}
	n, ok := ReadNumber(text[:at])
	factor, known := map[string]float64{
		"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
	}[strings.ToLower(text[at:])]
	if !ok || !known {
		return Number{}, false
	}
	if f := n.Float * factor; f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return Number{true, int64(f), f}, true
	}
	return Number{Float: n.Float * factor}, true
}

// readDays reads a duration in days or weeks, which Go's durations have no unit for: 1d, 2w.
func readDays(text string) (time.Duration, bool) {
	unit := map[byte]time.Duration{'d': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	if len(text) < 2 || len(text) > 8 || unit[text[len(text)-1]] == 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 16)
	return time.Duration(n) * unit[text[len(text)-1]], err == nil
}
