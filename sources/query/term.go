package query

import (
	"slices"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Query is a parsed query. It never changes.
type Query struct {
	Root   *Term
	Stages []Stage
	Hints  string // what with (…) asks of a server; it means nothing here
	Text   string // as parsed, for positions
}

// Kind is what a term does.
type Kind uint8

// The kinds of terms.
const (
	KindAll         Kind = iota // every span
	KindAnd                     // of terms
	KindOr                      // of terms
	KindNot                     // of terms[0]
	KindCompare                 // ref op values[0]
	KindCompareRefs             // ref op other
	KindIn                      // ref is one of values
	KindNotIn                   // ref is there and none of values
	KindHas                     // ref is there
	KindPhrase                  // ref holds values as words, adjacent and in order
	KindFulltext                // ref holds values as words
	KindText                    // free text: anything of the span contains values[0]
	KindSome                    // one event or link (level) satisfies terms[0]
	KindRelative                // a relative of the span satisfies terms[0]
	KindStructure               // spans of the one spanset that stand in a relation to spans of the other
	KindBoth                    // spans of all spansets, when none is empty
	KindEither                  // spans of any of the spansets
	KindCalc                    // left op right, of which one is a calculation; within { } only
	KindPipeline                // the spans of terms[0] that stages leave
)

// spanset reports whether a term combines spansets, so that it cannot stand within { } or beside plain terms.
func (k Kind) spanset() bool {
	return k == KindStructure || k == KindBoth || k == KindEither || k == KindPipeline
}

// Term is a node of the tree. Only the fields that its kind names mean something; At and End are where it stands
// in the text.
type Term struct {
	Kind     Kind
	Op       Op
	Fold     bool // =~i and ~i: letters match in either case
	Relation Relation
	Negated  bool // of KindStructure: !>> and the like
	Union    bool // of KindStructure: &>> and the like
	Level    expression.Level
	Ref      Ref
	Other    Ref
	Values   []Literal
	Terms    []*Term
	Left     *Expr
	Right    *Expr
	Stages   []Stage
	depth    int // calls nested in it, counted as Jaeger's filter nests them
	At, End  int
}

// Literal is a constant. Quotes ask for text: "503" is three characters, 503 a number.
type Literal struct {
	Text   string
	Quoted bool
}

// Texts returns the texts of constants.
func Texts(values []Literal) []string {
	return mapped(values, func(v Literal) string { return v.Text })
}

// mapped returns what is made of each of a list.
func mapped[T, U any](list []T, made func(T) U) []U {
	all := make([]U, len(list))
	for i, one := range list {
		all[i] = made(one)
	}
	return all
}

// Op compares.
type Op uint8

// The comparisons.
const (
	OpEq Op = iota
	OpNe
	OpGt
	OpGte
	OpLt
	OpLte
	OpRegex
	OpNotRegex
	OpContains
	OpCount
)

var opSigns = [OpCount]string{"=", "!=", ">", ">=", "<", "<=", "=~", "!~", "~"}

func (o Op) String() string { return opSigns[o] }

func (o Op) ordered() bool { return o >= OpGt && o <= OpLte }

// Textual reports whether an operator compares texts.
func (o Op) Textual() bool { return o >= OpRegex }

// flipped is the operator that says the same with its operands swapped, of those that compare no texts.
var flipped = [OpCount]Op{OpEq: OpEq, OpNe: OpNe, OpGt: OpLt, OpGte: OpLte, OpLt: OpGt, OpLte: OpGte}

// Relation is how a span stands to another in the tree.
type Relation uint8

// The relations.
const (
	RelationParent     Relation = iota // a relative that is its parent; as a structure, { } > { }
	RelationAncestor                   // >>
	RelationChild                      // <
	RelationDescendant                 // <<
	RelationSibling                    // ~
	RelationCount
)

var relationNames = [RelationCount]string{"parent", "ancestor", "child", "descendant", "sibling"}

// relationOf returns the relation of that name, RelationCount for none.
func relationOf(word string) Relation { return Relation(indexOf(relationNames[:], word)) }

// indexOf returns where a word stands in a list, the length of the list for nowhere.
func indexOf(list []string, word string) int {
	if i := slices.Index(list, word); i >= 0 {
		return i
	}
	return len(list)
}

var relationSigns = [RelationCount]string{">", ">>", "<", "<<", "~"}

// Sign is the operator that asks for spans of its right side in the relation to spans of its left side.
func (r Relation) Sign() string { return relationSigns[r] }

// Stage is a step of a pipeline behind the spans that the tree selects.
type Stage struct {
	Kind     StageKind
	Function Aggregate
	Ref      Ref // what is aggregated or grouped by
	Op       Op
	Value    Literal
	Left     *Expr // of StageCompare; of StageBy where it groups by a calculation
	Right    *Expr // of StageCompare
	Refs     []Ref // of StageSelect
	Term     *Term
	At, End  int
}

// StageKind is what a stage does.
type StageKind uint8

// The kinds of Stages.
const (
	StageAggregate StageKind = iota // keeps the groups whose aggregate compares
	StageBy                         // splits the groups
	StageFilter                     // keeps the spans that satisfy term
	StageCompare                    // keeps the groups for which left op right, calculations with aggregates
	StageCoalesce                   // joins the groups to one
	StageSelect                     // names refs to show, and keeps everything
)

// stageNames are the steps of a pipeline that are called by a name, besides the aggregates, and stageKinds what they do.
var (
	stageNames = [...]string{"by", "coalesce", "select"}
	stageKinds = map[string]StageKind{"by": StageBy, "coalesce": StageCoalesce, "select": StageSelect}
)

// Aggregate is a function over the spans of a group.
type Aggregate uint8

// The aggregates.
const (
	AggregateCount Aggregate = iota
	AggregateAvg
	AggregateMin
	AggregateMax
	AggregateSum
	AggregateCountOf
)

var aggregateNames = [AggregateCountOf]string{"count", "avg", "min", "max", "sum"}

// aggregateOf returns the aggregate of that name, AggregateCountOf for none.
func aggregateOf(word string) Aggregate { return Aggregate(indexOf(aggregateNames[:], word)) }

// everything returns the term that holds for every span.
func everything(at, end int) *Term { return &Term{Kind: KindAll, depth: 1, At: at, End: end} }

// visit calls term for the term and each within it, and stage for each step of their pipelines, in the order of the text.
func (t *Term) visit(term func(*Term), stage func(*Stage)) {
	term(t)
	for _, kid := range t.Terms {
		kid.visit(term, stage)
	}
	for i := range t.Stages {
		s := &t.Stages[i]
		if stage(s); s.Kind == StageFilter {
			s.Term.visit(term, stage)
		}
	}
}

// holds reports whether a term is of a kind, or one within it.
func (t *Term) holds(kind Kind) bool {
	found := false
	t.visit(func(inner *Term) { found = found || inner.Kind == kind }, func(*Stage) {})
	return found
}

// measure sets the depth of a term from its parts.
func (t *Term) measure() {
	inner := 0
	for _, kid := range t.Terms {
		inner = max(inner, kid.depth)
	}
	t.depth = inner + 1
	named := 0 // what asking for each name of an attribute adds
	if t.Ref.severalNames() {
		named = 1
	}
	switch t.Kind {
	case KindCompare, KindHas, KindPhrase, KindFulltext:
		t.depth += named
		switch {
		case t.Op == OpNotRegex, t.Op == OpNe && named > 0:
			t.depth = 3 // and(exists, not(regex)); of several names and(or(exists …), not(regex) …)
		case t.Kind == KindCompare && t.Ref.Field == FieldError:
			t.depth = 2 // not(eq)
		}
	case KindIn:
		t.depth = 2 + named
	case KindNotIn:
		t.depth = 2 + 2*named
	case KindCalc:
		t.depth = 1 + max(t.Left.depth(), t.Right.depth())
	default:
	}
}

// Join makes one term of several of the same level; parts of the same kind dissolve in it. One alone stays as it is.
func Join(k Kind, terms ...*Term) *Term {
	if len(terms) == 1 {
		return terms[0]
	}
	joined := &Term{Kind: k, At: terms[0].At, End: terms[len(terms)-1].End}
	for _, t := range terms {
		if t.Kind == k {
			joined.Terms = append(joined.Terms, t.Terms...)
		} else {
			joined.Terms = append(joined.Terms, t)
		}
	}
	joined.measure()
	return joined
}

// SatisfiedOrApart is Satisfied, but what cannot be compared is not equal.
func (o Op) SatisfiedOrApart(c int) bool {
	return o == OpNe && c == incomparable || o.Satisfied(c)
}

// Negative reports whether a term asks that none of the values matches.
func (t *Term) Negative() bool { return t.Op == OpNe || t.Op == OpNotRegex || t.Kind == KindNotIn }

// Satisfied reports whether the outcome of a comparison, -1, 0 or 1, satisfies the operator.
func (o Op) Satisfied(c int) bool {
	if c == incomparable {
		return false
	}
	switch o {
	case OpGt:
		return c > 0
	case OpGte:
		return c >= 0
	case OpLt:
		return c < 0
	case OpLte:
		return c <= 0
	case OpNe:
		return c != 0
	default:
		return c == 0
	}
}

// Positive returns the term that a negative one denies, or the term itself.
func (t *Term) Positive() *Term {
	copied := *t
	switch {
	case t.Kind == KindNotIn:
		copied.Kind = KindIn
	case t.Op == OpNe:
		copied.Op = OpEq
	case t.Op == OpNotRegex:
		copied.Op = OpRegex
	}
	return &copied
}
