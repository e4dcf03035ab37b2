package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tracefall/testdata/gen/scene"
)

// TestCommittedIsRegenerated fails when the committed test data is not what the
// programs make; `go run -C testdata/gen .` brings it up to date.
func TestCommittedIsRegenerated(t *testing.T) {
	if err := scene.ForgetEnvironment(); err != nil {
		t.Fatal(err)
	}
	for _, f := range folders() {
		files, err := f.files()
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		dir := filepath.Join("..", f.name)
		for name, want := range files {
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Errorf("%s/%s: %v", f.name, name, err)
			} else if !bytes.Equal(got, want) {
				t.Errorf("%s/%s: committed %d bytes differ from the generated %d bytes", f.name, name, len(got), len(want))
			}
		}
		present, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range present {
			if _, made := files[entry.Name()]; !made && !slices.Contains(f.kept, entry.Name()) {
				t.Errorf("%s/%s: no program makes this file", f.name, entry.Name())
			}
		}
	}
}
