package query

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// expr is a calculation, as TraceQL writes one: constants, references and, behind a pipe, aggregates, joined by
// arithmetic. What is no calculation, such as a key compared with a constant, does not stay one: it becomes the term
// that says the same.
type expr struct {
	kind  exprKind
	op    byte    // of exprBinary: + - * / % ^
	value literal // of exprConstant
	typ   fieldType
	ref   ref
	fn    aggregate
	args  []*expr
}

type exprKind uint8

const (
	exprConstant  exprKind = iota
	exprWord               // a word without quotes: a key on the left side, text on the right
	exprRef                //
	exprNegative           // of args[0]
	exprBinary             // of args[0] and args[1]
	exprAggregate          // of args[0], of none for count
)

// simple tells whether an expression is a single constant or reference.
func (e *expr) simple() bool {
	return e.kind == exprConstant || e.kind == exprWord || e.kind == exprRef
}

// constant tells whether an expression is a constant that was written as one.
func (e *expr) constant() bool { return e.kind == exprConstant }

// visit calls visit for each reference.
func (e *expr) visit(visit func(ref)) {
	if e == nil {
		return
	}
	if e.kind == exprRef {
		visit(e.ref)
	}
	for _, arg := range e.args {
		arg.visit(visit) // the parser bounds the nesting
	}
}

// depth counts how deep an expression nests.
func (e *expr) depth() int {
	inner := 0
	for _, arg := range e.args {
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

// countable tells whether one can calculate with a type.
func (t fieldType) countable() bool { return t == typeAny || t == typeNumber || t == typeDuration }

// binaryType is the type of a calculation; ok is false where there is none.
func binaryType(op byte, a, b fieldType) (typ fieldType, ok bool) {
	switch {
	case !a.countable() || !b.countable():
		return typeAny, false
	case a == typeAny || b == typeAny:
		return typeAny, op != '^' || a != typeDuration && b != typeDuration
	case a == typeNumber && b == typeNumber:
		return typeNumber, true
	}
	switch op {
	case '+', '-', '%':
		return typeDuration, a == b
	case '*':
		return typeDuration, a != b
	case '/':
		if a == b {
			return typeNumber, true
		}
		return typeDuration, a == typeDuration
	}
	return typeAny, false
}

// arithmetic joins two expressions; it calculates what is constant. problem says why that has no result.
func arithmetic(op byte, a, b *expr) (*expr, problem) {
	typ, ok := binaryType(op, a.typ, b.typ)
	if !ok {
		return nil, mismatch(op, a, b)
	}
	e := &expr{kind: exprBinary, op: op, typ: typ, args: []*expr{a, b}}
	if a.kind == exprConstant && b.kind == exprConstant {
		d, ok := calculate(op, a.datum(), b.datum())
		if !ok {
			return nil, problem{fmt.Sprintf("%s has no result", formatExpr(e)), ""}
		}
		return constantOf(d), problem{}
	}
	return e, problem{}
}

func mismatch(op byte, a, b *expr) problem {
	for _, e := range []*expr{a, b} {
		if !e.typ.countable() {
			return problem{fmt.Sprintf("%s is %s; %c takes numbers and durations", formatExpr(e), typeNames[e.typ], op), ""}
		}
	}
	return problem{fmt.Sprintf("%s is %s and %s is %s; %c does not join them; a duration needs a unit",
		formatExpr(a), typeNames[a.typ], formatExpr(b), typeNames[b.typ], op), ""}
}

// negative turns the sign of an expression.
func negative(e *expr) (*expr, problem) {
	if !e.typ.countable() {
		return nil, problem{fmt.Sprintf("%s is %s; - takes numbers and durations", formatExpr(e), typeNames[e.typ]), ""}
	}
	if e.kind == exprConstant {
		d, _ := calculate('-', datum{kind: e.datum().kind, num: number{integer: true}}, e.datum())
		return constantOf(d), problem{}
	}
	return &expr{kind: exprNegative, typ: e.typ, args: []*expr{e}}, problem{}
}

// datum is the value of a constant.
func (e *expr) datum() datum {
	switch e.typ {
	case typeNumber:
		n, _ := readNumber(e.value.text)
		return datum{kind: datumNumber, num: n}
	case typeDuration:
		d, _ := readDuration(e.value.text)
		return datum{kind: datumDuration, num: number{true, int64(d), float64(d)}}
	default:
		return datum{text: e.value.text}
	}
}

// constantOf is the constant of a number or a duration.
func constantOf(d datum) *expr {
	if d.kind == datumDuration {
		ns := d.num.i
		if !d.num.integer {
			ns = int64(math.Round(d.num.f))
		}
		return &expr{kind: exprConstant, typ: typeDuration, value: literal{text: writeDuration(time.Duration(ns))}}
	}
	return &expr{kind: exprConstant, typ: typeNumber, value: literal{text: d.num.String()}}
}

// calculate applies an operator of arithmetic. Whole numbers stay whole where that is exact; a division gives the
// exact quotient, not the whole part. ok is false where there is no result: for kinds that do not fit, and beyond what
// a double holds.
func calculate(op byte, a, b datum) (d datum, ok bool) {
	typ, ok := binaryType(op, datumTypes[a.kind], datumTypes[b.kind])
	if !ok {
		return datum{}, false
	}
	d.kind = datumNumber
	if typ == typeDuration {
		d.kind = datumDuration
	}
	if a.num.integer && b.num.integer {
		if i, exact := calculateWhole(op, a.num.i, b.num.i); exact {
			d.num = number{true, i, float64(i)}
			return d, true
		}
	}
	f := calculateDouble(op, a.num.f, b.num.f)
	if math.IsNaN(f) || math.IsInf(f, 0) || d.kind == datumDuration && math.Abs(f) > math.MaxInt64/2 {
		return datum{}, false
	}
	d.num = number{f: f}
	return d, true
}

var datumTypes = [...]fieldType{datumText: typeText, datumNumber: typeNumber, datumDuration: typeDuration, datumTime: typeTime}

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
func formatExpr(e *expr) string {
	switch e.kind {
	case exprConstant:
		if e.value.quoted {
			return quote(e.value.text)
		}
		return e.value.text
	case exprWord:
		return quote(e.value.text)
	case exprRef:
		return formatRefInside(e.ref)
	case exprNegative:
		return "-" + formatPart(e.args[0], 4)
	case exprAggregate:
		if e.fn == aggregateCount {
			return "count()"
		}
		return aggregateNames[e.fn] + "(" + formatExpr(e.args[0]) + ")"
	case exprBinary:
	}
	p := precedence(e.op)
	return formatPart(e.args[0], p) + " " + string(e.op) + " " + formatPart(e.args[1], p+1)
}

// formatPart writes an operand, in parentheses where it binds less than the operator demands.
func formatPart(e *expr, least int) string {
	if e.kind == exprBinary && precedence(e.op) < least {
		return "(" + formatExpr(e) + ")"
	}
	if e.kind == exprNegative && least > 3 {
		return "(" + formatExpr(e) + ")"
	}
	return formatExpr(e)
}

// formatRefInside writes a reference as TraceQL does: an attribute without a level begins with a point.
func formatRefInside(r ref) string {
	if r.field != fieldNone {
		return r.field.info().name
	}
	prefix := ""
	if r.parent {
		prefix = "parent."
	}
	if r.level != "" {
		prefix += string(r.level) + "."
	}
	if prefix == "" {
		prefix = "."
	}
	if r.bare() && !strings.ContainsAny(r.key[:1], "0123456789") {
		return prefix + r.key
	}
	return prefix + quote(r.key)
}

// readSize reads a size in bytes with a unit: 10kB, 1.5MiB.
func readSize(text string) (number, bool) {
	at := strings.LastIndexAny(text, "0123456789.") + 1
	if at == 0 || at == len(text) || len(text) > 64 {
		return number{}, false
	}
	n, ok := readNumber(text[:at])
	factor, known := map[string]float64{
		"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
	}[strings.ToLower(text[at:])]
	if !ok || !known {
		return number{}, false
	}
	if f := n.f * factor; f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return number{true, int64(f), f}, true
	}
	return number{f: n.f * factor}, true
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
