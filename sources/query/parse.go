package query

import "strings"

// Parse reads a query. Its error is a *SyntaxError. The empty text matches every span.
func Parse(text string) (*Query, error) {
	p := &parser{leafParser: leafParser{reader: reader{scanner: scanner{text: text}}}}
	q := &Query{Text: text, Root: everything(0, 0)}
	p.space()
	if p.pos < len(text) && p.peek() != '|' && !p.hintsAhead() {
		q.Root = p.settled(p.or()).Term
	}
	q.Stages = p.pipeline()
	if q.Root.Kind == KindPipeline {
		q.Root, q.Stages = q.Root.Terms[0], append(q.Root.Stages, q.Stages...)
	}
	if p.err == nil && p.hintsAhead() {
		q.Hints = p.hints()
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

// hints reads with (name=value, …), by which TraceQL tells a server how to search. It returns what stands between
// the parentheses in canonical form.
func (p *parser) hints() string {
	p.keyword("with")
	open := p.call("with")
	var hints []string
	for more := true; more && p.err == nil; more = p.take(",") {
		p.space()
		n := p.key()
		p.space()
		if p.err == nil && (n.end == n.at || !p.take("=")) {
			p.fail(p.pos, p.pos, "with ( ) takes name=value", "")
		}
		v, _, _ := p.value(n.text + "=")
		hints = append(hints, n.text+"="+formatLiteral(v))
		p.space()
	}
	p.close(open)
	return strings.Join(hints, ", ")
}
