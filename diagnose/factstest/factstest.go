// Package factstest derives the facts of traces, for tests only.
package factstest

import (
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// Of returns the facts of every trace of a set.
func Of(set *trace.Set) []*facts.Facts {
	ops := facts.NewOps(set)
	all := make([]*facts.Facts, set.Len())
	for i := range all {
		all[i] = facts.New(set.Trace(i), ops)
	}
	return all
}

// One returns the facts of the first trace that a text notes.
func One(t testing.TB, text string) *facts.Facts {
	t.Helper()
	return Of(tracetest.Set(t, text))[0]
}
