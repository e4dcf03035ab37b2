package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// parser reads a query by recursive descent:
//
//	query     = [ either ] { "|" stage }
//	or        = and { ("OR" | "||") and }
//	and       = structure { [ "AND" | "&&" ] structure }
//	structure = unary { (">" | ">>" | …) unary }             between spansets only
//	unary     = ("NOT" | "!" | "-") unary | "(" or ")" | "{" [ or ] "}" | function | comparison | text
//
// Within { } a comparison is a condition of TraceQL (parse_expr.go); outside, a calculation with aggregates, a named
// stage or a pipeline in parentheses stands for a spanset (parse_stage.go). Terms and spansets take the same path; each
// function says which of the two it read. Recursion is bounded by the nesting that Jaeger's filter allows.
type parser struct {
	scanner
	nesting int
	braces  bool // within { }
	right   bool // behind a comparison within { }
}

// operand is a term, and whether it selects a set of spans by itself: { } or a combination of them.
type operand struct {
	*Term
	set  bool
	e    *Expr // within { } and behind a pipe: what is no condition yet, as what follows may compare it
	name name  // of e, where that is a reference or a word
}

// Parse reads a query. Its error is a *SyntaxError. The empty text matches every span.
func Parse(text string) (*Query, error) {
	p := &parser{scanner: scanner{text: text}}
	q := &Query{Text: text, Root: &Term{Kind: KindAll, depth: 1}}
	p.space()
	if p.pos < len(text) && p.peek() != '|' && !p.hintsAhead() {
		q.Root = p.settled(p.or()).Term
	}
	q.Stages = p.pipeline()
	if q.Root.Kind == KindPipeline {
		q.Root, q.Stages = q.Root.Terms[0], append(q.Root.Stages, q.Stages...)
	}
	if p.err == nil && p.hintsAhead() {
		q.Hints = p.readHints()
		p.space()
	}
	if p.err == nil && p.pos < len(text) {
		p.unexpected("")
	}
	if p.err != nil {
		return nil, p.err
	}
	return q, nil
}

// pipeline reads the stages that follow.
func (p *parser) pipeline() []Stage {
	var stages []Stage
	for p.err == nil {
		p.space()
		if p.peek() != '|' || p.byteAt(p.pos+1) == '|' {
			break
		}
		stages = append(stages, p.stage())
	}
	return stages
}

// deeper enters a level of nesting and reports whether that is allowed.
func (p *parser) deeper(at int) bool {
	if p.nesting++; p.nesting > expression.MaxNestingDepth {
		p.tooDeep(at)
	}
	return p.err == nil
}

func (p *parser) tooDeep(at int) {
	p.fail(at, min(at+1, len(p.text)), fmt.Sprintf("nested more than %d deep", expression.MaxNestingDepth), "")
}

// made measures a finished term.
func (p *parser) made(t *Term) *Term {
	t.measure()
	if t.depth > expression.MaxNestingDepth {
		p.tooDeep(t.At)
	}
	return t
}

// void stands for what could not be read.
func (p *parser) void() operand { return operand{Term: &Term{Kind: KindAll, depth: 1}} }

func (p *parser) or() operand {
	return p.list(p.and, KindOr, KindEither, func() bool { return p.take("||") || p.keyword("or") })
}

func (p *parser) and() operand {
	var left operand
	spaced := false // a space stood for AND
	next := func() operand {
		left = p.structure()
		if spaced {
			p.needsOperator(left)
		}
		return left
	}
	return p.list(next, KindAnd, KindBoth, func() bool {
		spaced = false
		if p.take("&&") || p.keyword("and") {
			return true
		}
		if p.startsTerm() {
			p.needsOperator(left)
			spaced = true
			if left.set {
				p.fail(p.pos, p.pos+1, "two spansets need an operator between them: && || > >> < << ~", "")
			}
			return true
		}
		return false
	})
}

// needsOperator refuses an expression that stands alone beside another term with nothing but a space between them.
func (p *parser) needsOperator(o operand) {
	switch {
	case p.err != nil || o.e == nil || o.e.Kind == ExprConstant && o.e.Type == TypeText:
	case o.name.end > o.name.at:
		p.pos = o.name.end
		p.missingOperator(o.name, o.name.end, "")
	default:
		p.fail(o.End, o.End, "an operator is missing: = != > >= < <= && ||", "")
	}
}

// list reads operands as long as more tells that another follows.
func (p *parser) list(next func() operand, terms, sets Kind, more func() bool) operand {
	first := next()
	var all []*Term
	for p.err == nil {
		p.space()
		at := p.pos
		if !more() {
			break
		}
		if all == nil {
			first = p.settled(first)
			all = append(all, first.Term)
		}
		o := p.settled(next())
		if p.err == nil && o.set != first.set {
			p.fail(at, o.End, "a spanset { } and a plain term cannot be joined; put the term within { }", "")
		}
		all = append(all, o.Term)
	}
	if all == nil || p.err != nil {
		return first
	}
	if first.set {
		terms = sets
	}
	t := Join(terms, all...)
	if t.depth > expression.MaxNestingDepth {
		p.tooDeep(t.At)
	}
	return operand{Term: t, set: first.set}
}

// startsTerm reports whether what follows can begin a term, so that a space stands for AND.
func (p *parser) startsTerm() bool {
	switch c := p.peek(); c {
	case 0, ')', '}', '|', '&', ',':
		return false
	}
	return !p.isWord("or") && !p.hintsAhead()
}

func (p *parser) structure() operand {
	left := p.unary()
	for p.err == nil && left.set {
		p.space()
		at := p.pos
		t := &Term{Kind: KindStructure, At: left.At}
		if !p.structureSign(t) {
			break
		}
		right := p.unary()
		if p.err == nil && !right.set {
			p.fail(at, right.End, "a structural operator stands between two spansets", "{ "+Shorten(p.text[right.At:right.End])+" }")
		}
		t.Terms, t.End = []*Term{left.Term, right.Term}, right.End
		left = operand{Term: p.made(t), set: true}
	}
	return left
}

// structureSign reads a structural operator.
func (p *parser) structureSign(t *Term) bool {
	from := p.pos
	switch {
	case p.peek() == '!':
		t.Negated = true
		p.pos++
	case p.peek() == '&' && p.byteAt(p.pos+1) != '&':
		t.Union = true
		p.pos++
	}
	for _, r := range []Relation{RelationAncestor, RelationParent, RelationDescendant, RelationChild, RelationSibling} {
		if p.take(relationSigns[r]) {
			t.Relation = r
			if c := p.peek(); c == '=' || c == '>' || c == '<' || c == '~' {
				p.fail(from, p.pos+1, "unknown structural operator "+p.text[from:p.pos+1], "")
			}
			return true
		}
	}
	p.pos = from
	return false
}

func (p *parser) unary() operand {
	p.space()
	at := p.pos
	switch c := p.peek(); {
	case c == 0:
		p.fail(at, at, "a term is missing at the end", "")
		return p.void()
	case c == '{':
		return p.spanset()
	case !p.braces && p.scalarAhead():
		return p.condition()
	case !p.braces && p.stageAhead():
		s := p.namedStage(at)
		return operand{Term: p.made(&Term{Kind: KindPipeline, Terms: []*Term{{Kind: KindAll, depth: 1}}, Stages: []Stage{s}, At: at, End: p.pos}), set: true}
	case c == '!' || p.isWord("not") || c == '-' && (!p.braces || !p.turns()):
		return p.not()
	case p.braces:
		return p.condition()
	case c == '(':
		p.pos++
		o := p.enclosed(at, ')')
		o.At, o.End = at, p.pos
		return o
	}
	return operand{Term: p.term()}
}

func (p *parser) not() operand {
	at := p.pos
	if !p.keyword("not") {
		p.pos++
	}
	if !p.deeper(at) {
		return p.void()
	}
	defer func() { p.nesting-- }()
	o := p.unary()
	if o.e != nil && o.e.Kind == ExprRef && o.e.Type == TypeAny { // it is there and not true
		t := p.relative(p.made(&Term{Kind: KindCompare, Ref: o.e.Ref, Values: []Literal{{Text: "false"}}, At: at, End: o.End}))
		return operand{Term: t}
	}
	o = p.settled(o)
	if p.err == nil && o.set {
		p.fail(at, o.End, "NOT takes a term; to select the other spans write { NOT … }", "")
	}
	return operand{Term: p.made(&Term{Kind: KindNot, Terms: []*Term{o.Term}, At: at, End: o.End})}
}

// enclosed reads what stands between an opening sign, already taken, and its partner.
func (p *parser) enclosed(at int, closing byte) operand {
	if !p.deeper(at) {
		return p.void()
	}
	right := p.right
	p.right = false
	defer func() { p.nesting, p.right = p.nesting-1, right }()
	o := p.or()
	if p.err == nil && closing == ')' && !p.braces {
		o = p.piped(o)
	}
	p.space()
	if p.err == nil && p.peek() != closing {
		if p.pos < len(p.text) {
			p.unexpected(string(closing))
		} else {
			p.fail(at, at+1, fmt.Sprintf("%c is not closed", p.text[at]), "")
		}
	}
	p.pos++
	return o
}

// piped reads the pipeline of an operand in parentheses.
func (p *parser) piped(o operand) operand {
	at := o.At
	if stages := p.pipeline(); p.err == nil && len(stages) > 0 {
		o = p.settled(o)
		if o.Term.Kind == KindPipeline {
			o.Term, stages = o.Terms[0], append(slices.Clone(o.Term.Stages), stages...)
		}
		t := &Term{Kind: KindPipeline, Terms: []*Term{o.Term}, Stages: stages, At: at, End: p.pos}
		return operand{Term: p.made(t), set: true}
	}
	return o
}

func (p *parser) spanset() operand {
	at := p.pos
	if p.braces {
		p.fail(at, at+1, "{ } cannot stand within { }", "")
		return p.void()
	}
	p.pos++
	p.space()
	if p.take("}") {
		return operand{Term: &Term{Kind: KindAll, depth: 1, At: at, End: p.pos}, set: true}
	}
	p.braces = true
	o := p.settled(p.enclosed(at, '}'))
	p.braces = false
	o.At, o.End, o.set = at, p.pos, true
	return o
}

// unexpected complains about what follows.
func (p *parser) unexpected(closing string) {
	end := p.word(p.pos, isWordRune)
	if end == p.pos {
		_, size := utf8.DecodeRuneInString(p.text[p.pos:])
		end += size
	}
	what := quoteShort(p.text[p.pos:end])
	switch {
	case closing != "":
		p.fail(p.pos, end, what+" is unexpected here; "+closing+" is missing", "")
	case strings.HasPrefix(p.text[p.pos:], "&&") || strings.HasPrefix(p.text[p.pos:], "||"):
		p.fail(p.pos, p.pos+2, p.text[p.pos:p.pos+2]+" joins spansets; a pipeline stands in parentheses: ({ … } | count() > 1)", "")
	case what == `"&"`:
		p.fail(p.pos, end, "& is no operator", "&&")
	case what == `")"` || what == `"}"`:
		p.fail(p.pos, end, what+" closes nothing", "")
	default:
		p.fail(p.pos, end, what+" is unexpected here", "")
	}
}

func quoteShort(text string) string { return quote(Shorten(text)) }

// functions are the words that take parentheses.
func functions() []string {
	return append(append([]string{}, relationNames[:]...), "event", "link", "field")
}

// metrics are TraceQL's functions over time, refused by name.
const metrics = " rate count_over_time sum_over_time avg_over_time min_over_time max_over_time quantile_over_time histogram_over_time compare topk bottomk "

// function reads a word with parentheses behind it.
func (p *parser) function(n name) *Term {
	t := &Term{At: n.at}
	switch {
	case n.text == "event" || n.text == "link":
		t.Kind, t.Level = KindSome, expression.Level(n.text)
	case relationOf(n.text) < RelationCount:
		t.Kind, t.Relation = KindRelative, relationOf(n.text)
	default:
		p.noFunction(n)
		return t
	}
	at := p.pos
	p.pos++
	p.space()
	if p.peek() == ')' {
		p.fail(at, p.pos+1, n.text+"() needs a term between its parentheses", "")
		return t
	}
	o := p.settled(p.enclosed(at, ')'))
	if p.err == nil && o.set {
		p.fail(o.At, o.End, n.text+"(…) takes terms, not { }", "")
	}
	if p.err == nil && t.Kind == KindSome {
		p.checkSome(t.Level, o.Term)
	}
	t.Terms, t.End = []*Term{o.Term}, p.pos
	return p.made(t)
}

// checkSome refuses within event(…) and link(…) what is not about one event or link of one span.
func (p *parser) checkSome(level expression.Level, t *Term) {
	switch t.Kind {
	case KindSome, KindRelative, KindText, KindCalc, KindAll:
		p.fail(t.At, t.End, fmt.Sprintf("%s(…) takes comparisons only", level), "")
	default:
	}
	for _, kid := range t.Terms {
		p.checkSome(level, kid)
	}
}

func (p *parser) noFunction(n name) {
	switch {
	case strings.Contains(metrics, " "+n.text+" "):
		p.fail(n.at, n.end, n.text+"() is a metric over time; a query selects spans", "")
	case aggregateOf(n.text) < AggregateCountOf || n.text == "by":
		p.fail(n.at, n.end, n.text+"() stands behind a pipe", "| "+n.text+"(")
	default:
		p.fail(n.at, n.end, "there is no function "+n.text, Nearest(n.text, functions()))
	}
}

func relationOf(word string) Relation {
	for r := range RelationCount {
		if relationNames[r] == word {
			return r
		}
	}
	return RelationCount
}
