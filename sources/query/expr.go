package query

import "fmt"

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

// names reports whether an expression is a single reference or word.
func (e *Expr) names() bool { return e.Kind == ExprWord || e.Kind == ExprRef }

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
	return problem{fmt.Sprintf("%s; %c does not join them; a duration needs a unit", typesOf(a, b), op), ""}
}

// typesOf says of what types two expressions are.
func typesOf(a, b *Expr) string {
	return fmt.Sprintf("%s is %s and %s is %s", formatExpr(a), typeNames[a.Type], formatExpr(b), typeNames[b.Type])
}

// negative turns the sign of an expression.
func negative(e *Expr) (*Expr, problem) {
	if !e.Type.countable() {
		return nil, problem{fmt.Sprintf("%s is %s; - takes numbers and durations", formatExpr(e), typeNames[e.Type]), ""}
	}
	if e.Kind == ExprConstant {
		if d, ok := Negate(e.Amount()); ok {
			return constantOf(d), problem{}
		}
		return nil, problem{"-" + formatExpr(e) + " has no result", ""}
	}
	return &Expr{Kind: ExprNegative, Type: e.Type, Args: []*Expr{e}}, problem{}
}

// Amount is the value of a constant.
func (e *Expr) Amount() Datum {
	d := ReadAs(e.Type, e.Value.Text)
	if e.Type == TypeNumber || e.Type == TypeDuration {
		d.Kind = e.Type
	}
	return d
}

// constantOf is the constant of a number or a duration.
func constantOf(d Datum) *Expr {
	return &Expr{Kind: ExprConstant, Type: d.Kind, Value: Literal{Text: d.String()}}
}

// readConstant reads a number, a duration or a size; nil for anything else.
func readConstant(text string) *Expr {
	for _, typ := range []FieldType{TypeNumber, TypeDuration} {
		if ReadAs(typ, text).Kind == typ {
			return &Expr{Kind: ExprConstant, Type: typ, Value: Literal{Text: text}}
		}
	}
	if d, ok := readDays(text); ok {
		return constantOf(Datum{Kind: TypeDuration, Num: WholeNumber(int64(d))})
	}
	if n, ok := readSize(text); ok {
		return constantOf(Datum{Kind: TypeNumber, Num: n})
	}
	return nil
}

// asRef is the expression of a reference.
func asRef(r Ref) *Expr { return &Expr{Kind: ExprRef, Ref: r, Type: r.Type()} }

// asWord is the expression of a word without quotes, of which its place will say what it is.
func asWord(text string) *Expr {
	return &Expr{Kind: ExprWord, Type: TypeText, Value: Literal{Text: text}}
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
