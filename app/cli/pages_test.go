package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/app/session"
)

// TestQueriesPage runs the queries of docs/queries.md where it says, and compares what they print.
func TestQueriesPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "queries.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join("..", "..", "testdata", "demo"))
	files, err := filepath.Glob("*.gz")
	if err != nil || len(files) == 0 {
		t.Fatalf("no traces of the demo: %v", err)
	}
	shown := regexp.MustCompile(`(?s)\$ tracefall query '([^'\n]+)' \*\.gz\n(.*?)\n(?:\n|`+"```"+`)`).FindAllStringSubmatch(string(page), -1)
	if len(shown) < 4 {
		t.Fatalf("docs/queries.md shows %d queries, want at least 4", len(shown))
	}
	for _, example := range shown {
		var out, complaints bytes.Buffer
		Run(context.Background(), session.World{
			Args: append([]string{"query", example[1]}, files...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &complaints,
			Env: func(string) string { return "" },
		})
		if diff := cmp.Diff(example[2]+"\n", out.String()); diff != "" {
			t.Errorf("%s (-page +printed):\n%s%s", example[1], diff, complaints.String())
		}
	}
}
