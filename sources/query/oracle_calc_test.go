package query_test

import (
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
)

// amount is the value of a calculation as the oracle sees it.
type amount struct {
	sort  string   // "number", "duration", "time" or "text"
	whole *big.Int // exact, or nil where it is a double
	f     float64
	text  string
}

func wholeAmount(sort string, n *big.Int) amount {
	f, _ := new(big.Float).SetInt(n).Float64()
	return amount{sort: sort, whole: n, f: f}
}

// String is what groups are told apart by.
func (a amount) String() string {
	switch {
	case a.sort == "text":
		return a.text
	case a.sort == "duration" && a.whole == nil:
		return query.WriteDuration(time.Duration(math.Round(a.f)))
	case a.sort == "duration":
		return query.WriteDuration(time.Duration(a.whole.Int64()))
	case a.whole != nil:
		return a.whole.String()
	}
	return strconv.FormatFloat(a.f, 'g', -1, 64)
}

// compares decides a comparison of two results. What is of different sorts is not equal, and nothing else.
func (a amount) compares(b amount, o query.Op) bool {
	if a.sort == "text" && b.sort == "text" {
		return decide(fact{a.text, "text"}, fact{b.text, "text"}, o)
	}
	if a.sort != b.sort {
		return o == query.OpNe
	}
	n := compareFloats(a.f, b.f)
	if a.whole != nil && b.whole != nil {
		n = a.whole.Cmp(b.whole)
	}
	return o.Satisfied(n)
}

// amountOf reads a value as the number or the duration that it is.
func amountOf(v fact) amount {
	if v.sort == "number" || v.sort == "text" && rational(v.text) != nil {
		if n, err := strconv.ParseInt(v.text, 10, 64); err == nil {
			return wholeAmount("number", big.NewInt(n))
		}
		f, _ := strconv.ParseFloat(v.text, 64)
		return amount{sort: "number", f: f}
	}
	if d, ok := unitTime(v.text); ok && v.sort != "time" {
		return wholeAmount("duration", big.NewInt(int64(d)))
	}
	if at, err := time.Parse(time.RFC3339Nano, v.text); err == nil && v.sort == "time" {
		return wholeAmount("time", big.NewInt(at.UnixNano()))
	}
	return amount{sort: "text", text: v.text}
}

// eval evaluates a calculation for a span.
func (o *oracle) selected(e *query.Expr, i int) (amount, bool) {
	switch e.Kind {
	case query.ExprConstant:
		return amountOf(fact{e.Value.Text, "text"}), true
	case query.ExprRef:
		r := e.Ref
		if r.Parent {
			r.Parent = false
			if i = o.t.Parent(i); i < o.t.First() {
				return amount{}, false
			}
		}
		values := o.values(r, i)
		if len(values) == 0 {
			return amount{}, false
		}
		return amountOf(values[0]), true
	case query.ExprNegative:
		a, ok := o.selected(e.Args[0], i)
		return combine('-', wholeAmount(a.sort, new(big.Int)), a, ok)
	default:
		a, ok := o.selected(e.Args[0], i)
		b, ok2 := o.selected(e.Args[1], i)
		return combine(e.Op, a, b, ok && ok2)
	}
}

// combine is the table of the language: what is calculated with what, and what it gives.
func combine(op byte, a, b amount, ok bool) (amount, bool) {
	sort := map[string]string{
		"number+number": "number", "number-number": "number", "number*number": "number", "number/number": "number",
		"number%number": "number", "number^number": "number",
		"duration+duration": "duration", "duration-duration": "duration", "duration%duration": "duration", "duration/duration": "number",
		"duration*number": "duration", "number*duration": "duration", "duration/number": "duration",
	}[a.sort+string(op)+b.sort]
	if !ok || sort == "" {
		return amount{}, false
	}
	if a.whole != nil && b.whole != nil {
		n, exact := new(big.Int), true
		switch {
		case op == '+':
			n.Add(a.whole, b.whole)
		case op == '-':
			n.Sub(a.whole, b.whole)
		case op == '*':
			n.Mul(a.whole, b.whole)
		case (op == '/' || op == '%') && b.whole.Sign() != 0:
			rest := new(big.Int)
			n.QuoRem(a.whole, b.whole, rest)
			if op == '%' {
				n = rest
			} else {
				exact = rest.Sign() == 0
			}
		default:
			exact = false
		}
		if exact && n.IsInt64() {
			return wholeAmount(sort, n), true
		}
	}
	f := map[byte]float64{'+': a.f + b.f, '-': a.f - b.f, '*': a.f * b.f, '/': a.f / b.f, '%': math.Mod(a.f, b.f), '^': math.Pow(a.f, b.f)}[op]
	if math.IsNaN(f) || math.IsInf(f, 0) || sort == "duration" && math.Abs(f) > math.MaxInt64/2 {
		return amount{}, false
	}
	return amount{sort: sort, f: f}, true
}

// calculated decides a comparison of calculations: for one event or link where it asks about these.
func (o *oracle) calculated(t *query.Term, i int) bool {
	events, links := false, false
	for _, e := range []*query.Expr{t.Left, t.Right} {
		e.Visit(func(r query.Ref) {
			events = events || r.Element() == expression.LevelEvent
			links = links || r.Element() == expression.LevelLink
		})
	}
	inner := *o
	holds := func() bool {
		a, ok := inner.selected(t.Left, i)
		b, ok2 := inner.selected(t.Right, i)
		return ok && ok2 && a.compares(b, t.Op)
	}
	switch {
	case events:
		for inner.event = range o.t.Span(i).Events() {
			if holds() {
				return true
			}
		}
		return false
	case links:
		for inner.link = range o.t.Span(i).Links() {
			if holds() {
				return true
			}
		}
		return false
	}
	return holds()
}

// scalar evaluates a calculation with aggregates for a group.
func (o *oracle) scalar(e *query.Expr, g []int) (amount, bool) {
	switch e.Kind {
	case query.ExprConstant:
		return amountOf(fact{e.Value.Text, "text"}), true
	case query.ExprNegative:
		a, ok := o.scalar(e.Args[0], g)
		return combine('-', wholeAmount(a.sort, new(big.Int)), a, ok)
	case query.ExprBinary:
		a, ok := o.scalar(e.Args[0], g)
		b, ok2 := o.scalar(e.Args[1], g)
		return combine(e.Op, a, b, ok && ok2)
	case query.ExprWord, query.ExprRef:
		return amount{}, false // a pipeline compares aggregates
	case query.ExprAggregate:
	}
	if e.Function == query.AggregateCount {
		return wholeAmount("number", big.NewInt(int64(len(g)))), len(g) > 0
	}
	sort, values := "", []float64(nil)
	for _, i := range g {
		v, ok := o.selected(e.Args[0], i)
		if !ok || v.sort == "text" || v.sort == "time" {
			continue
		}
		if sort == "" {
			sort = v.sort
		}
		if v.sort == sort {
			values = append(values, v.f)
		}
	}
	if len(values) == 0 {
		return amount{}, false
	}
	sum, least, most := 0.0, values[0], values[0]
	for _, v := range values {
		sum, least, most = sum+v, min(least, v), max(most, v)
	}
	f := map[query.Aggregate]float64{query.AggregateAvg: sum / float64(len(values)), query.AggregateMin: least, query.AggregateMax: most, query.AggregateSum: sum}[e.Function]
	return amount{sort: sort, f: f}, !math.IsNaN(f)
}

// readings is what a name that stands for an attribute and a field is read as.
func (o *oracle) readings(r query.Ref) []query.Ref {
	own := r
	own.Instead = query.FieldNone
	asField := query.Ref{Field: r.Instead}
	there := func(level expression.Level, key string) bool {
		set := o.t.Set()
		for i := range set.Len() {
			t := set.Trace(i)
			for j := t.First(); j < t.Len(); j++ {
				for k := range t.Span(j).Attrs().All() {
					if k == key && level != expression.LevelResource {
						return true
					}
				}
				for k := range t.Span(j).Resource().Attrs().All() {
					if k == key && level != expression.LevelSpan {
						return true
					}
				}
			}
		}
		return false
	}
	switch {
	case r.Level == "" && !r.Parent:
		if !there("", r.Key) {
			return []query.Ref{asField}
		}
		return []query.Ref{own, asField}
	case there(r.Level, r.Key):
		return []query.Ref{own}
	case r.Level == expression.LevelSpan && r.Instead == query.FieldKind && there("", "span.kind"):
		return []query.Ref{{Key: "span.kind"}, asField}
	}
	return []query.Ref{asField}
}

// twin decides a term about such a name.
func (o *oracle) twin(t *query.Term, i int) bool {
	present, match := false, false
	for _, r := range o.readings(t.Ref) {
		values := o.values(r, i)
		present = present || len(values) > 0
		if as, ok := t.Positive().ReadAs(r); ok {
			for _, v := range values {
				match = match || t.Kind == query.KindHas || o.matches(as, v)
			}
		}
	}
	if t.Negative() {
		return present && !match
	}
	return match
}

// nested walks the tree and counts what opens and closes.
func (o *oracle) nested(of int) [2]int {
	n := 0
	var found [2]int
	var walk func(i int)
	walk = func(i int) {
		n++
		opened := n
		for j := o.t.First(); j < o.t.Len(); j++ {
			if o.t.Parent(j) == i {
				walk(j)
			}
		}
		n++
		if i == of {
			found = [2]int{opened, n}
		}
	}
	for i := o.t.First(); i < o.t.Len(); i++ {
		if p := o.t.Parent(i); p < o.t.First() {
			walk(i)
		}
	}
	return found
}
