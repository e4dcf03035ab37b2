package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMutantsApply fails where a mutant's text is not in its file any more: a mutant that cannot be made says nothing.
func TestMutantsApply(t *testing.T) {
	names := map[string]bool{}
	for _, m := range mutants {
		if names[m.name] {
			t.Errorf("two mutants are called %s", m.name)
		}
		names[m.name] = true
		text, err := os.ReadFile(filepath.Join("..", "..", m.file))
		if err != nil {
			t.Error(err)
			continue
		}
		if n := strings.Count(string(text), m.old); n != 1 {
			t.Errorf("%s: its text stands in %s %d times, want once", m.name, m.file, n)
		}
		if m.old == m.new {
			t.Errorf("%s changes nothing", m.name)
		}
	}
}
