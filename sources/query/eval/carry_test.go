//go:build unix

package eval_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tracefall/sources/query"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
)

// TestFileCutShort asks for values of a mapped file that is shorter than it was: the fault is a panic of the caller,
// not the end of the process.
func TestFileCutShort(t *testing.T) {
	const length = 1 << 20
	path := filepath.Join(t.TempDir(), "values")
	if err := os.WriteFile(path, []byte(strings.Repeat("x", length)), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	mapped, err := syscall.Mmap(int(file.Fd()), 0, length, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(mapped) //nolint:errcheck // the test ends
	set := mappedSet(mapped)
	p := compile(t, set)
	if r, err := p.Run(context.Background(), 2); err != nil || r.TotalSpans == 0 || r.Spans != 0 {
		t.Fatalf("before the cut: %+v, %v", r, err)
	}
	if err := file.Truncate(0); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if cause, ok := recover().(interface{ Addr() uintptr }); !ok {
			t.Errorf("after the cut Run panics with %v, not with the address of the fault", cause)
		}
	}()
	r, err := compile(t, set).Run(context.Background(), 2)
	t.Errorf("after the cut Run returns %+v, %v", r, err)
}

// compile asks for the texts of big that hold a y.
func compile(t *testing.T, set *trace.Set) *eval.Program {
	t.Helper()
	q, err := query.Parse(`big~y`)
	if err != nil {
		t.Fatal(err)
	}
	p, err := eval.Compile(q, set, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// mappedSet returns a trace of one span with the attribute big, whose value is where it was read.
func mappedSet(data []byte) *trace.Set {
	b := trace.NewBuilder()
	raw := trace.RawSpan{ID: trace.SpanID{N: 1}, Name: b.Symbol([]byte("op")), Start: 1, End: 2}
	raw.Attrs = []trace.Attr{b.StringAt(b.Symbol([]byte("big")), b.Blob(data), 0, len(data))}
	b.Add(&raw)
	return b.Build()
}
