//go:build unix

package sources

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tracefall/sources/decode"
)

func TestSpoolIsBounded(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lines := gzipped(t, []byte(strings.Repeat(`{"resourceSpans":[]}`+"\n", 1<<16)))
	zeros := gzipped(t, make([]byte, blankMost+1))
	for _, test := range []struct {
		name, path, want string
		limit            int64
	}{
		{"more than allowed", write("lines.gz", lines), "needs more than 1.0 MiB of temporary space in " + dir + ": raise it with --spool-limit SIZE", 1 << 20},
		{"compressed NUL bytes", write("zeros.gz", zeros), "begins with 64 MiB of NUL bytes, expected a trace export", 0},
		{"a device without end", "/dev/zero", "begins with 64 MiB of NUL bytes, expected a trace export", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Open(context.Background(), []string{test.path}, Options{TempDir: dir, SpoolLimit: test.limit})
			if want := test.path + ": " + test.want; err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%d files are left in the temporary directory, want the two that were there: %v", len(left), err)
	}
}

func TestSpoolLimitFollowsFreeSpace(t *testing.T) {
	for _, test := range []struct{ free, limit, want int64 }{
		{free: 100 << 30, want: 10 << 30},
		{free: 1 << 20, want: spillFrom},
		{free: -1, want: 0},
		{free: 100 << 30, limit: 5 << 20, want: 5 << 20},
	} {
		o := &opening{opt: Options{SpoolLimit: test.limit}, free: test.free}
		if sp := o.newSpill(); sp.most != test.want {
			t.Errorf("%d bytes free, limit %d: %d may be spooled, want %d", test.free, test.limit, sp.most, test.want)
		}
	}
	if free := freeSpace(t.TempDir()); free <= 0 {
		t.Errorf("the free space is %d", free)
	}
}

// TestFIFOsAreNotWaitedFor opens a pattern and a directory in which a FIFO without a writer lies.
func TestFIFOsAreNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	whole, err := os.ReadFile(filepath.Join("..", "testdata", "broken", "bom.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.json"), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	fifo := filepath.Join(dir, "b.json")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	want := "1 file skipped: " + fifo + ": is a FIFO, read only if named explicitly"
	for _, input := range []string{filepath.Join(dir, "*.json"), dir} {
		result, err := Open(context.Background(), []string{input}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var messages []string
		for _, n := range result.Set.Notices() {
			if n.Kind == decode.NoticeFiles {
				messages = append(messages, n.Message)
			}
		}
		if len(messages) != 1 || messages[0] != want {
			t.Errorf("%s: notices %q, want %q", input, messages, want)
		}
		if err := result.Set.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err = Open(context.Background(), []string{filepath.Join(dir, "b*")}, Options{})
	if err == nil || !strings.Contains(err.Error(), "no regular file matches this pattern") {
		t.Errorf("a pattern that matches FIFOs only gives %v", err)
	}
}
