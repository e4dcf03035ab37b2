package query

import "github.com/jaegertracing/jaeger-idl/query/expression/v1"

// Query is a parsed query. It never changes.
type Query struct {
	root   *term
	stages []stage
	hints  string // what with (…) asks of a server; it means nothing here
	text   string // as parsed, for positions
}

// kind is what a term does.
type kind uint8

const (
	kindAll         kind = iota // every span
	kindAnd                     // of terms
	kindOr                      // of terms
	kindNot                     // of terms[0]
	kindCompare                 // ref op values[0]
	kindCompareRefs             // ref op other
	kindIn                      // ref is one of values
	kindNotIn                   // ref is there and none of values
	kindHas                     // ref is there
	kindPhrase                  // ref holds values as words, adjacent and in order
	kindFulltext                // ref holds values as words
	kindText                    // free text: anything of the span contains values[0]
	kindSome                    // one event or link (level) satisfies terms[0]
	kindRelative                // a relative of the span satisfies terms[0]
	kindStructure               // spans of the one spanset that stand in a relation to spans of the other
	kindBoth                    // spans of all spansets, when none is empty
	kindEither                  // spans of any of the spansets
	kindCalc                    // left op right, of which one is a calculation; within { } only
	kindPipeline                // the spans of terms[0] that stages leave
)

// spanset tells whether a term combines spansets, so that it cannot stand within { } or beside plain terms.
func (k kind) spanset() bool {
	return k == kindStructure || k == kindBoth || k == kindEither || k == kindPipeline
}

// term is a node of the tree. Only the fields that its kind names mean something; at and end are where it stands
// in the text.
type term struct {
	kind     kind
	op       op
	fold     bool // =~i and ~i: letters match in either case
	relation relation
	negated  bool // of kindStructure: !>> and the like
	union    bool // of kindStructure: &>> and the like
	level    expression.Level
	ref      ref
	other    ref
	values   []literal
	terms    []*term
	left     *expr
	right    *expr
	stages   []stage
	depth    int // calls nested in it, counted as Jaeger's filter nests them
	at, end  int
}

// literal is a constant. Quotes ask for text: "503" is three characters, 503 a number.
type literal struct {
	text   string
	quoted bool
}

// op compares.
type op uint8

const (
	opEq op = iota
	opNe
	opGt
	opGte
	opLt
	opLte
	opRegex
	opNotRegex
	opContains
	opCount
)

var opSigns = [opCount]string{"=", "!=", ">", ">=", "<", "<=", "=~", "!~", "~"}

func (o op) String() string { return opSigns[o] }

func (o op) ordered() bool { return o >= opGt && o <= opLte }

func (o op) textual() bool { return o >= opRegex }

// flipped returns the operator that says the same with its operands swapped.
func (o op) flipped() op {
	switch o {
	case opGt:
		return opLt
	case opGte:
		return opLte
	case opLt:
		return opGt
	case opLte:
		return opGte
	default:
		return o
	}
}

// relation is how a span stands to another in the tree.
type relation uint8

const (
	relationParent     relation = iota // a relative that is its parent; as a structure, { } > { }
	relationAncestor                   // >>
	relationChild                      // <
	relationDescendant                 // <<
	relationSibling                    // ~
	relationCount
)

var relationNames = [relationCount]string{"parent", "ancestor", "child", "descendant", "sibling"}

var relationSigns = [relationCount]string{">", ">>", "<", "<<", "~"}

// stage is a step of a pipeline behind the spans that the tree selects.
type stage struct {
	kind    stageKind
	fn      aggregate
	ref     ref // what is aggregated or grouped by
	op      op
	value   literal
	left    *expr // of stageCompare; of stageBy where it groups by a calculation
	right   *expr // of stageCompare
	refs    []ref // of stageSelect
	term    *term
	at, end int
}

type stageKind uint8

const (
	stageAggregate stageKind = iota // keeps the groups whose aggregate compares
	stageBy                         // splits the groups
	stageFilter                     // keeps the spans that satisfy term
	stageCompare                    // keeps the groups for which left op right, calculations with aggregates
	stageCoalesce                   // joins the groups to one
	stageSelect                     // names refs to show, and keeps everything
)

// aggregate is a function over the spans of a group.
type aggregate uint8

const (
	aggregateCount aggregate = iota
	aggregateAvg
	aggregateMin
	aggregateMax
	aggregateSum
	aggregateCountOf
)

var aggregateNames = [aggregateCountOf]string{"count", "avg", "min", "max", "sum"}

// measure sets the depth of a term from its parts.
func (t *term) measure() {
	inner := 0
	for _, kid := range t.terms {
		inner = max(inner, kid.depth)
	}
	t.depth = inner + 1
	named := 0 // what asking for each name of an attribute adds
	if t.ref.severalNames() {
		named = 1
	}
	switch t.kind {
	case kindCompare:
		switch {
		case t.op == opNotRegex:
			t.depth = 3 // and(exists, not(regex)); of several names and(or(exists …), not(regex) …)
		case t.op == opNe && named > 0:
			t.depth = 3 // likewise
		case t.ref.field == fieldError:
			t.depth = 2 // not(eq)
		default:
			t.depth += named
		}
	case kindHas, kindPhrase, kindFulltext:
		t.depth += named
	case kindIn:
		t.depth = 2 + named
	case kindNotIn:
		t.depth = 2 + 2*named
	case kindCalc:
		t.depth = 1 + max(t.left.depth(), t.right.depth())
	default:
	}
}

// join makes one term of several of the same level; parts of the same kind dissolve in it.
func join(k kind, terms ...*term) *term {
	joined := &term{kind: k, at: terms[0].at, end: terms[len(terms)-1].end}
	for _, t := range terms {
		if t.kind == k {
			joined.terms = append(joined.terms, t.terms...)
		} else {
			joined.terms = append(joined.terms, t)
		}
	}
	joined.measure()
	return joined
}
