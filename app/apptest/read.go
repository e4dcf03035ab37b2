// Package apptest is what the tests of several packages of the program share: how traces are read, and the program played in a
// terminal. It is in no binary.
package apptest

import (
	"strings"
	"testing"

	"tracefall/sources"
	"tracefall/sources/trace"
)

// Read reads traces from the text of a file; they are released when the test ends.
func Read(t testing.TB, text string) *trace.Set {
	t.Helper()
	r, err := sources.Open(t.Context(), []string{"-"}, sources.Options{Stdin: strings.NewReader(text), StdinName: "in.json"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Set.Close() })
	return r.Set
}
