package query

import (
	"fmt"
	"strings"
)

// stage reads a step of the pipeline, the scanner standing on its pipe.
func (p *parser) stage() stage {
	s := stage{at: p.pos}
	p.pos++
	p.space()
	if p.peek() == '{' {
		s.kind = stageFilter
		s.term = p.spanset().term
		s.end = p.pos
		return s
	}
	n := p.key()
	if p.err == nil && n.end == n.at {
		p.fail(n.at, n.at, "a function is missing after |: count avg min max sum by", "")
	}
	if p.err != nil {
		return s
	}
	p.space()
	s.fn = aggregateOf(n.text)
	if n.text != "by" && s.fn == aggregateCountOf || n.quoted() {
		p.noStage(n)
		return s
	}
	open := p.pos
	if !p.take("(") {
		p.fail(p.pos, p.pos, "( is missing after "+n.text, n.text+"(")
		return s
	}
	s.ref = p.argument(n.text)
	if p.err == nil && !p.take(")") {
		p.fail(open, open+1, "( is not closed", "")
	}
	s.end = p.pos
	if n.text == "by" {
		s.kind, s.fn = stageBy, aggregateCount
		return s
	}
	p.threshold(&s, n.text)
	return s
}

// argument reads what a function takes: count() nothing, the others a key.
func (p *parser) argument(function string) ref {
	p.space()
	n := p.key()
	if p.err != nil {
		return ref{}
	}
	switch {
	case function == "count" && n.end > n.at:
		p.fail(n.at, n.end, "count() takes nothing between its parentheses", "")
	case function != "count" && n.end == n.at:
		p.fail(n.at, n.at, function+"() needs a key between its parentheses", "")
	case function != "count":
		r := p.ref(n)
		p.space()
		if p.err == nil {
			p.checkArgument(function, n, r)
		}
		return r
	}
	p.space()
	return ref{}
}

func (p *parser) checkArgument(function string, n name, r ref) {
	typ := r.typ()
	if function != "by" && typ != typeAny && typ != typeNumber && typ != typeDuration {
		p.fail(n.at, n.end, fmt.Sprintf("%s() takes numbers and durations; %s is %s", function, formatRef(r), typeNames[typ]), "")
	}
}

// threshold reads the comparison behind an aggregate.
func (p *parser) threshold(s *stage, function string) {
	p.space()
	at := p.pos
	o, ok := p.operator()
	if p.err != nil {
		return
	}
	if !ok || o.textual() {
		p.fail(at, p.pos, function+"() is compared with = != > >= < or <=", "")
		return
	}
	v, from, end := p.value(o.String())
	if p.err != nil {
		return
	}
	s.op, s.end = o, end
	// The result of an aggregate has the type of what it is made of; an attribute's is a number.
	measured := ref{field: fieldTraceSpans}
	if s.fn != aggregateCount && s.ref.typ() == typeDuration {
		measured = s.ref
	}
	fitted, wrong := fit(measured, o, v)
	if wrong != (problem{}) {
		message := strings.Replace(wrong.message, formatRef(measured), function+"()", 1)
		p.fail(from, end, message, wrong.suggestion)
	}
	s.value = fitted
}

// noStage refuses what is no step of a pipeline.
func (p *parser) noStage(n name) {
	switch {
	case strings.Contains(metrics, " "+n.text+" "):
		p.fail(n.at, n.end, n.text+"() is a metric over time; a query selects spans", "")
	case n.text == "select" || n.text == "coalesce" || n.text == "with":
		p.fail(n.at, n.end, n.text+" changes what a server returns; here all of a span is at hand, leave it out", "")
	default:
		names := append(append([]string{}, aggregateNames[:]...), "by")
		p.fail(n.at, n.end, "there is no pipeline function "+cut(n.text), nearest(n.text, names))
	}
}

func aggregateOf(word string) aggregate {
	for a := range aggregateCountOf {
		if aggregateNames[a] == word {
			return a
		}
	}
	return aggregateCountOf
}
