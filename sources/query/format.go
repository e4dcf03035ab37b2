package query

import (
	"strings"
)

// String returns the canonical text: Parse of it gives an equal query.
func (q *Query) String() string {
	var w writer
	switch {
	case q.Root.onlyInside(true):
		w.spanset(q.Root, false)
	case q.Root.Kind != KindAll:
		w.term(q.Root)
	case len(q.Stages) > 0 || q.Hints != "":
		w.WriteString("{ }")
	}
	for i := range q.Stages {
		w.stage(&q.Stages[i])
	}
	if q.Hints != "" {
		w.WriteString(" with (" + q.Hints + ")")
	}
	return w.String()
}

// onlyInside reports whether a term, which combines no spansets, can be said within { } only.
func (t *Term) onlyInside(root bool) bool {
	if t.Kind == KindCalc || t.Kind == KindAll && !root {
		return true
	}
	if t.Kind.spanset() {
		return false
	}
	for _, kid := range t.Terms {
		if kid.onlyInside(false) {
			return true
		}
	}
	return false
}

// writer writes terms. The depth of the tree is bounded by the parser, so it may recur.
type writer struct {
	strings.Builder
	inside bool // within { }
}

func (w *writer) term(t *Term) {
	switch t.Kind {
	case KindAll:
		if w.inside {
			w.WriteString("true")
		} else {
			w.WriteString("{ }")
		}
	case KindAnd, KindOr, KindBoth, KindEither:
		w.list(t)
	case KindNot:
		w.WriteString("NOT ")
		w.inner(t.Terms[0], t.Terms[0].Kind == KindAnd || t.Terms[0].Kind == KindOr)
	case KindCompare:
		w.comparison(t)
	case KindCompareRefs:
		w.WriteString(w.ref(t.Ref) + t.Op.String() + "field(" + FormatRef(t.Other) + ")")
	case KindCalc:
		w.WriteString(formatExpr(t.Left) + " " + t.Op.String() + " " + formatExpr(t.Right))
	case KindIn, KindNotIn, KindPhrase, KindFulltext:
		values := mapped(t.Values, func(v Literal) string { return formatConstant(t.Ref, v) })
		w.WriteString(w.ref(t.Ref) + " " + listWords[t.Kind] + " (" + strings.Join(values, ", ") + ")")
	case KindHas:
		w.WriteString("has:" + FormatRef(t.Ref))
	case KindText:
		w.WriteString(quote(t.Values[0].Text))
	case KindSome:
		w.WriteString(string(t.Level))
		w.inner(t.Terms[0], true)
	case KindRelative:
		w.WriteString(relationNames[t.Relation])
		w.inner(t.Terms[0], true)
	case KindStructure:
		w.spanset(t.Terms[0], false)
		w.WriteString(" " + t.Sign() + " ")
		w.spanset(t.Terms[1], true)
	case KindPipeline:
		w.spanset(t.Terms[0], false)
		for i := range t.Stages {
			w.stage(&t.Stages[i])
		}
	}
}

// comparison writes a key, an operator and a constant.
func (w *writer) comparison(t *Term) {
	w.WriteString(w.ref(t.Ref))
	w.WriteString(t.Op.String())
	switch v := t.Values[0]; {
	case t.Fold:
		w.WriteString("i" + quote(v.Text))
	case w.inside && (t.Op == OpRegex || t.Op == OpNotRegex):
		w.WriteString(quote(inside(v.Text)))
	case t.Op.Textual() && v.Text == "i": // bare it could be the suffix
		w.WriteString(quote(v.Text))
	case w.inside && !t.Op.Textual() && !readsBack(t.Ref, v):
		w.WriteString(quote(v.Text))
	case t.Op.Textual():
		w.WriteString(formatLiteral(v))
	default:
		w.WriteString(formatConstant(t.Ref, v))
	}
}

// ref writes what a term asks about. Within { } a quoted key needs a point, as it would be a text.
func (w *writer) ref(r Ref) string {
	text := FormatRef(r)
	if w.inside && r.Field == FieldNone && r.Level == "" && text[0] == '"' {
		return "." + text
	}
	return text
}

// readsBack reports whether a constant, written within { }, is read as that constant and not as a calculation or a
// reference.
func readsBack(r Ref, v Literal) bool {
	text := formatConstant(r, v)
	p := &parser{leafParser: leafParser{reader: reader{scanner: scanner{text: text + " "}, braces: true}}, right: true}
	o := p.sum(1)
	if p.err != nil || o.e == nil || p.pos != len(text) {
		return false
	}
	return o.e.Kind == ExprWord || o.e.Kind == ExprConstant && o.e.Value.Text == v.Text ||
		o.e.Kind == ExprRef && r.Type().isWord(v.Text)
}

func (w *writer) list(t *Term) {
	between := map[Kind]string{KindAnd: " ", KindOr: " OR ", KindBoth: " && ", KindEither: " || "}[t.Kind]
	for i, kid := range t.Terms {
		switch {
		case i == 0:
		case t.Kind == KindAnd && (kid.Kind == KindCalc || kid.Kind == KindAll || t.Terms[i-1].Kind == KindAll):
			w.WriteString(" && ") // a minus would be that of the term before, and a constant needs an operator
		default:
			w.WriteString(between)
		}
		switch {
		case t.Kind == KindAnd || t.Kind == KindOr:
			w.inner(kid, t.Kind == KindAnd && kid.Kind == KindOr)
		case t.Kind == KindEither && kid.Kind == KindBoth:
			w.term(kid)
		default:
			w.spanset(kid, false)
		}
	}
}

// spanset writes an operand of a spanset operator.
func (w *writer) spanset(t *Term, right bool) {
	switch {
	case t.Kind == KindAll:
		w.WriteString("{ }")
	case t.Kind == KindStructure:
		w.inner(t, right)
	case t.Kind.spanset():
		w.inner(t, true)
	default:
		w.WriteString("{ ")
		w.inside = true
		w.term(t)
		w.inside = false
		w.WriteString(" }")
	}
}

func (w *writer) inner(t *Term, parentheses bool) {
	if parentheses {
		w.WriteString("(")
		defer w.WriteString(")")
	}
	w.term(t)
}

// Sign is the operator of a structure, as TraceQL writes it.
func (t *Term) Sign() string {
	sign := t.Relation.Sign()
	switch {
	case t.Negated:
		return "!" + sign
	case t.Union:
		return "&" + sign
	}
	return sign
}

func (w *writer) stage(s *Stage) {
	w.WriteString(" | ")
	switch s.Kind {
	case StageBy:
		key := FormatRef(s.Ref)
		if s.Left != nil {
			key = formatExpr(s.Left)
		}
		w.WriteString("by(" + key + ")")
	case StageFilter:
		if s.Term.Kind.spanset() {
			w.inner(s.Term, true)
			return
		}
		w.spanset(s.Term, false)
	case StageAggregate:
		key := ""
		if s.Function != AggregateCount {
			key = FormatRef(s.Ref)
		}
		w.WriteString(aggregateNames[s.Function] + "(" + key + ") " + s.Op.String() + " " + formatLiteral(s.Value))
	case StageCompare:
		w.WriteString(formatExpr(s.Left) + " " + s.Op.String() + " " + formatExpr(s.Right))
	case StageCoalesce:
		w.WriteString("coalesce()")
	case StageSelect:
		w.WriteString("select(" + strings.Join(mapped(s.Refs, FormatRef), ", ") + ")")
	}
}
