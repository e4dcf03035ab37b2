package sources

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDumps compares what is read from each file of testdata/traces with what testdata/dumps says of it. Files that say
// the same share a dump, under the name of the first. An input without one fails: it would prove nothing.
func TestDumps(t *testing.T) {
	const inputs, dumps = "../testdata/traces", "testdata/dumps"
	entries, err := os.ReadDir(inputs)
	if err != nil {
		t.Fatal(err)
	}
	index, first := "", map[string]string{}
	var texts []string
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".md" {
			continue
		}
		path := filepath.Join(inputs, e.Name())
		text := shortDump(strings.ReplaceAll(dump(open(t, Options{}, path)), path, "the file"))
		if first[text] == "" {
			first[text] = e.Name()
			texts = append(texts, text)
		}
		index += fmt.Sprintf("%s: %s\n", e.Name(), first[text])
	}
	golden := func(name, got string) {
		path := filepath.Join(dumps, name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("no dump of %s: %v", name, err)
			return
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s (-dump +it):\n%s", name, diff)
		}
	}
	golden("index.txt", index)
	for _, text := range texts {
		golden(first[text]+".txt", text)
	}
	files, err := os.ReadDir(dumps)
	if err != nil || len(files) != len(texts)+1 {
		t.Errorf("%d dumps, want %d: %v", len(files), len(texts)+1, err)
	}
}

// shortDump writes lines that came before as the number of the line.
func shortDump(text string) string {
	var b bytes.Buffer
	seen, n := map[string]int{}, 0
	for line := range strings.Lines(text) {
		if n++; len(line) > 60 && seen[line] > 0 {
			fmt.Fprintf(&b, "  as line %d\n", seen[line])
			continue
		}
		seen[line] = n
		b.WriteString(line)
	}
	return b.String()
}
