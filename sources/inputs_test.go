package sources

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracefall/sources/decode"
)

// TestUnreadFilesAreNamedFirst opens a directory with a trace, a text that is none, and a file that cannot be read.
func TestUnreadFilesAreNamedFirst(t *testing.T) {
	dir := t.TempDir()
	whole, err := os.ReadFile(filepath.Join("..", "testdata", "broken", "bom.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"a.txt": "hello", "b.json": string(whole), "c.gz": "\x1f\x8b\x08\xff\xff"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	result, err := Open(context.Background(), []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer result.Set.Close()
	for _, n := range result.Set.Notices() {
		if n.Kind == decode.NoticeFiles {
			want := "2 files skipped, 1 of them not readable, first: " + filepath.Join(dir, "c.gz") + ": looks like gzip"
			if !strings.HasPrefix(n.Message, want) {
				t.Errorf("the notice is %q, want it to begin with %q", n.Message, want)
			}
			return
		}
	}
	t.Errorf("no notice says that files were skipped: %v", result.Set.Notices())
}
