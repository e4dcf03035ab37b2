package patterns

import (
	"regexp"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// inserts are verbs that add something: done twice, they add it twice.
var inserts = regexp.MustCompile(`(?i)(create|insert|charge|pay|capture|refund|transfer|reserve|send|book|place|enqueue|publish|put_?object|submit|register|order|add)`)

// insertsMethod are the same verbs as words of an RPC's method; what is as often a noun counts in front only.
var insertsMethod = regexp.MustCompile(`(?:^|[a-z0-9_])(?:Create|Insert|Charge|Pay|Capture|Refund|Transfer|Reserve|Send|Place|Enqueue|Publish|Put_?Object|Submit|Register|Add)(?:[A-Z_]|ment|$)|` +
	`^(?i:create|insert|charge|pay|capture|refund|transfer|reserve|send|book|place|enqueue|publish|put_?object|submit|register|order|add)(?:[A-Z_]|ment|$)`)

// asks are the last words of paths that are posted to for an answer, not for an effect.
var asks = regexp.MustCompile(`(?i)[/_:.-](_?m?search|queries|query|graphql|lookup|validate|verify|introspect|token|login|authenticate|authorize|find|filter|_?count|_?mget|scroll)(/?$|\?)`)

// adds reports whether the name of an operation says that it makes, sends or pays something.
func adds(op facts.Op) bool {
	switch op.Class {
	case semconv.ClassRPC:
		return insertsMethod.MatchString(op.Template[strings.LastIndexAny(op.Template, "/.")+1:])
	case semconv.ClassHTTP:
		return (op.Name == "POST" || op.Name == "PATCH" || inserts.MatchString(op.Label())) && !asks.MatchString(op.Template)
	}
	return inserts.MatchString(op.Label())
}

// Writes reports whether span i itself changed something outside its process that matters: a statement, a document, a
// message, or a call that is not known to only read and whose callee has no spans in the trace. Caches and
// bookkeeping do not count, and nothing that failed.
func Writes(f *facts.Facts, i int) bool {
	if f.Outcome(i) >= semconv.OutcomeSoft {
		return false
	}
	op, d := f.Op(i), f.Detail(i)
	if !d.Write || d.Beside {
		return false
	}
	switch op.Class {
	case semconv.ClassSQL, semconv.ClassNoSQL:
		return true
	case semconv.ClassMessage:
		return op.Kind == trace.KindProducer
	case semconv.ClassHTTP, semconv.ClassRPC:
		return op.Kind == trace.KindClient && f.Leaf(i) && adds(op)
	}
	return false
}

// Repeatable reports whether the operation of span i may be done twice with the effect of once: an upsert, a PUT, a DELETE.
func Repeatable(f *facts.Facts, i int) bool {
	op, st := f.Op(i), f.Detail(i).Statement
	switch op.Class {
	case semconv.ClassSQL:
		return st.Flags.Has(normalize.SQLUpsert) || st.Verb == "MERGE" || st.Verb == "REPLACE" || st.Verb == "UPSERT"
	case semconv.ClassHTTP:
		return op.Name == "PUT" || op.Name == "DELETE"
	}
	return false
}

// NonIdempotent reports whether the operation of span i is of a sort that must not be repeated: POST, PATCH, or a
// name that says that something is made, sent or paid.
func NonIdempotent(f *facts.Facts, i int) bool { return adds(f.Op(i)) }

// IdempotencyKey returns the attribute of span i that carries an idempotency key, "" where it has none.
func IdempotencyKey(f *facts.Facts, i int) string {
	for key := range f.Trace.Span(i).Attrs().All() {
		if strings.Contains(strings.ToLower(key), "idempot") {
			return key
		}
	}
	return ""
}

// RolledBack tells for each span of the trace, by index, whether it lies in a transaction that was rolled back: among
// siblings, between the last BEGIN, COMMIT or ROLLBACK (or their first) and a ROLLBACK.
//
//	BEGIN  INSERT  ROLLBACK  INSERT
//	       |=====|                     rolled back
//
// It returns nil where nothing was.
func RolledBack(f *facts.Facts) []bool {
	t := f.Trace
	open := map[int]int{} // by parent: where its current transaction began
	var depth []int32     // starts less ends of what was rolled back, by index
	for i := t.First(); i < t.Len(); i++ {
		p := t.Parent(i)
		if f.Class(i) != semconv.ClassTx || p < 0 {
			continue
		}
		if transaction(f, i, "ROLLBACK") {
			from, ok := open[p]
			if !ok {
				from = p + 1
			}
			if depth == nil {
				depth = make([]int32, t.Len()+1)
			}
			depth[from]++
			depth[i]--
		}
		open[p] = t.End(i)
	}
	if depth == nil {
		return nil
	}
	undone := make([]bool, t.Len())
	now := int32(0)
	for i := range undone {
		now += depth[i]
		undone[i] = now > 0
	}
	return undone
}

// Committed reports whether a transaction was committed behind span i and before an index.
func Committed(f *facts.Facts, i, before int) bool {
	for k := i + 1; k < before; k++ {
		if f.Class(k) == semconv.ClassTx && transaction(f, k, "COMMIT") && f.Outcome(k) < semconv.OutcomeSoft {
			return true
		}
	}
	return false
}

// transaction reports whether span i is a transaction's statement of that verb.
func transaction(f *facts.Facts, i int, verb string) bool {
	for _, text := range [...]string{f.Op(i).Name, f.Op(i).Template, f.Trace.Span(i).Name()} {
		text = strings.ToUpper(text)
		if strings.HasPrefix(text, verb) || strings.HasSuffix(text, "."+verb) {
			return true
		}
	}
	return false
}
