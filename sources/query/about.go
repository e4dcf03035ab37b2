package query

import "slices"

// About is what a query asks about. Spans that it divides differ in that by themselves.
type About struct {
	Keys      []string // attributes, under all their names
	Errors    bool     // whether something failed
	Durations bool     // how long something took
}

// About returns what the query asks about, its terms and its stages.
func (q *Query) About() About {
	var a About
	for _, r := range q.refs() {
		if r.Field == FieldNone {
			a.Keys = append(append(a.Keys, r.Key), SameNames(r.Key)...)
		}
		a.note(max(r.Field, r.Instead))
	}
	return a
}

// note takes note of a field.
func (a *About) note(f Field) {
	switch f {
	case FieldError, FieldStatus, FieldStatusMessage, FieldTraceErrors, FieldRootStatus, FieldRootError:
		a.Errors = true
	case FieldDuration, FieldSelf, FieldTraceDuration, FieldRootDuration:
		a.Durations = true
	default:
	}
}

// Column is what select(…) names: a field or an attribute.
type Column struct {
	Name string // as the language writes it
	Key  string // of an attribute, "" for a field
}

// Selected lists what the query's select(…) name, in the order of the text.
func (q *Query) Selected() []Column {
	var all []Column
	for i := range q.Stages {
		for _, r := range q.Stages[i].Refs {
			all = append(all, Column{FormatRef(r), r.Key})
		}
	}
	return all
}

// Constant is a value that a query names, and the key that it is compared with: "" for a field or free text.
type Constant struct {
	Key, Value string
	Part       bool // a pattern or a word, which a value may contain
}

// Constants lists the values that the query names, in the order of the text.
func (q *Query) Constants() []Constant {
	var all []Constant
	q.whole().visit(func(t *Term) {
		part := t.Kind == KindCompare && t.Op.Textual() || t.Kind == KindPhrase || t.Kind == KindFulltext || t.Kind == KindText
		for _, v := range t.Values {
			all = append(all, Constant{t.Ref.Key, v.Text, part})
		}
	}, func(*Stage) {})
	return all
}

// refs lists what the query asks about, each once, in the order of the text.
func (q *Query) refs() []Ref {
	var all []Ref
	add := func(refs ...Ref) {
		for _, r := range refs {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	visit := func(sides ...*Expr) {
		for _, e := range sides {
			e.Visit(func(r Ref) { add(r) })
		}
	}
	q.whole().visit(func(t *Term) {
		switch t.Kind {
		case KindCompareRefs:
			add(t.Ref, t.Other)
		case KindCompare, KindIn, KindNotIn, KindHas, KindPhrase, KindFulltext:
			add(t.Ref)
		case KindCalc:
			visit(t.Left, t.Right)
		default:
		}
	}, func(s *Stage) {
		switch {
		case s.Left != nil:
			visit(s.Left, s.Right)
		case s.Kind == StageSelect:
			add(s.Refs...)
		case s.Kind == StageBy, s.Kind == StageAggregate && s.Function != AggregateCount:
			add(s.Ref)
		}
	})
	return all
}

// AsksAbout reports whether the query asks about a field.
func (q *Query) AsksAbout(f Field) bool {
	return slices.ContainsFunc(q.refs(), func(r Ref) bool { return r.Field == f })
}

// whole is the query as one term.
func (q *Query) whole() *Term {
	return &Term{Kind: KindPipeline, Terms: []*Term{q.Root}, Stages: q.Stages}
}
