package main

import (
	"path/filepath"
	"testing"
)

// TestMutantsApply fails where a mutant's text is not in the code any more: a mutant that cannot be made says nothing.
func TestMutantsApply(t *testing.T) {
	files, err := read(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range mutants {
		if names[m.name] {
			t.Errorf("two mutants are called %s", m.name)
		}
		names[m.name] = true
		if _, _, err := m.in(files); err != nil {
			t.Error(err)
		}
	}
}

// TestMutantsOutliveMoves finds a text that was aligned, exported and qualified since it was written down.
func TestMutantsOutliveMoves(t *testing.T) {
	m := mutant{name: "m", old: "ink = theme.Error\n\tlimit = 5,", new: "ink = theme.Error\n\tlimit = 8,"}
	_, changed, err := m.in([]source{{"a.go", "\t\tInk =  style.Theme.Error\n\t\tlimit   = 5, // five"}, {"b.go", "limit = 5"}})
	if want := "\t\tInk =  style.Theme.Error\n\t\tlimit   = 8, // five"; err != nil || changed != want {
		t.Errorf("%q, %v; want %q", changed, err, want)
	}
}
