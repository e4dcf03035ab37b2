package sources

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

func writeFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func fileBytes(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstded(t testing.TB, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

func TestCompressionAndStandardInput(t *testing.T) {
	plain := benchLines(t, 3000)
	want := describeSet(openBytes(t, plain))
	twice := append(gzipped(t, plain[:1000]), gzipped(t, plain[1000:])...)
	for name, data := range map[string][]byte{
		"plain.gz": plain, "a.gz": gzipped(t, plain), "members": twice, "a.zst": zstded(t, plain), "both": gzipped(t, zstded(t, plain)),
	} {
		path := writeFile(t, name, data)
		for how, set := range map[string]*trace.Set{
			"file": open(t, Options{}, path), "stdin": openBytes(t, data),
		} {
			if got := describeSet(set); strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("%s as %s differs: %d spans, want %d", name, how, len(got), len(want))
			}
		}
	}
}

func TestStandardInputFromFile(t *testing.T) {
	f, err := os.Open(writeFile(t, "a.jsonl", benchLines(t, 1000)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() // it was only read
	if set := open(t, Options{Stdin: f}, "-"); set.SpanCount() != 1000 || set.Inputs()[0] != stdinName {
		t.Errorf("%d spans from %q", set.SpanCount(), set.Inputs())
	}
}

func TestDamagedCompression(t *testing.T) {
	whole := gzipped(t, benchLines(t, 3000))
	set := open(t, Options{}, writeFile(t, "cut.gz", whole[:len(whole)/2]))
	var kinds []string
	for _, n := range set.Notices() {
		kinds = append(kinds, string(n.Kind))
	}
	if n := set.SpanCount(); n < 500 || n >= 3000 || !strings.Contains(set.Notices()[0].Message, "only the first") {
		t.Errorf("%d spans, notices %v: %v", n, kinds, set.Notices())
	}
	_, err := Open(context.Background(), []string{writeFile(t, "head.gz", whole[:10])}, Options{})
	if err == nil || !strings.Contains(err.Error(), "looks like gzip, but cannot be decompressed: unexpected EOF") {
		t.Errorf("a gzip header without data: %v", err)
	}
}

func TestLargeStreamsGoToAFile(t *testing.T) {
	s := spill{dir: t.TempDir(), limit: 1000}
	want := bytes.Repeat([]byte("0123456789"), 500)
	for i := 0; i < len(want); i += 70 {
		if _, err := s.Write(want[i:min(i+70, len(want))]); err != nil {
			t.Fatal(err)
		}
	}
	if s.file == nil {
		t.Fatal("no file was made")
	}
	data, release, err := s.Finish()
	if err != nil || !bytes.Equal(data, want) {
		t.Fatalf("%d bytes back, want %d; %v", len(data), len(want), err)
	}
	if left, _ := os.ReadDir(s.dir); len(left) > 0 {
		t.Errorf("%d files stay behind", len(left))
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

func TestNoRoomForTemporaryFile(t *testing.T) {
	s := spill{dir: filepath.Join(t.TempDir(), "missing"), limit: 10}
	_, err := s.Write(make([]byte, 11))
	if err == nil || !strings.Contains(describe(err), "no space to decompress in "+s.dir+": no such file or directory; set TMPDIR") {
		t.Errorf("%v", describe(err))
	}
}

func TestDirectoriesAndGlobs(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"a.json": benchLines(t, 20), "sub/b.json.gz": gzipped(t, bytes.ReplaceAll(benchLines(t, 40), []byte(`"spanId":"`), []byte(`"spanId":"f`))),
		"sub/README.md": []byte("# read me\n"), ".hidden/c.json": benchLines(t, 60), "sub/.d.json": benchLines(t, 80),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set := open(t, Options{}, dir)
	if set.SpanCount() != 60 || len(set.Inputs()) != 2 {
		t.Errorf("%d spans from %v", set.SpanCount(), set.Inputs())
	}
	n := set.Notices()[len(set.Notices())-1]
	for _, other := range set.Notices() {
		if other.Kind == decode.NoticeFiles {
			n = other
		}
	}
	if want := "1 file skipped: " + filepath.Join(dir, "sub/README.md") + ": looks like plain text"; !strings.HasPrefix(n.Message, want) {
		t.Errorf("notice %q, want %q", n.Message, want)
	}
	if set := open(t, Options{}, filepath.Join(dir, "*.json")); set.SpanCount() != 20 {
		t.Errorf("the glob found %d spans", set.SpanCount())
	}
	for input, want := range map[string]string{
		filepath.Join(dir, "*.zip"):  "no file matches this pattern",
		filepath.Join(dir, "none"):   "no such file or directory",
		t.TempDir():                  "is an empty directory, expected trace exports",
		filepath.Join(dir, "sub/R*"): "looks like plain text",
	} {
		_, err := Open(context.Background(), []string{input}, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", input, err, want)
		}
	}
}

// TestManyFiles reads a directory of files with several workers and with one.
func TestManyFiles(t *testing.T) {
	data, dir := benchLines(t, 6000), t.TempDir()
	for i, line := range bytes.SplitAfter(data, []byte("\n")) {
		name := fmt.Sprintf("%03d.json", i)
		if i == 7 {
			line = []byte("no trace\n")
		}
		if err := os.WriteFile(filepath.Join(dir, name), line, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	one, several := open(t, Options{Workers: 1}, dir), open(t, Options{Workers: 3}, dir)
	if got, want := dump(several), dump(one); got != want || one.SpanCount() != 5500 {
		t.Errorf("%d and %d spans: %s", one.SpanCount(), several.SpanCount(), firstDifference(want, got))
	}
	if got := several.Inputs(); len(got) != 11 || !slices.IsSorted(got) {
		t.Errorf("inputs %v", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, []string{dir}, Options{Workers: 3}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestOtherInputsStillOpen(t *testing.T) {
	good := writeFile(t, "good.json", benchLines(t, 20))
	bad := writeFile(t, "bad.html", []byte("<!doctype html><html>"))
	result, err := Open(context.Background(), []string{bad, good, "missing"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if result.Set.SpanCount() != 20 || len(result.Failures) != 2 {
		t.Fatalf("%d spans, failures %v", result.Set.SpanCount(), result.Failures)
	}
	if first := result.Failures[0]; first.Input != bad || !strings.HasPrefix(first.Problem, "looks like HTML") {
		t.Errorf("first failure %q", first)
	}
	if second := result.Failures[1]; !errors.Is(second, os.ErrNotExist) {
		t.Errorf("second failure %q", second)
	}
}

func TestTraceAcrossInputs(t *testing.T) {
	parts := [2]string{"otel-gui--sample-trace-ecommerce-part1.json", "otel-gui--sample-trace-ecommerce-part2.json"}
	dir := tracetest.Corpus(t)
	set := open(t, Options{}, filepath.Join(dir, parts[0]), filepath.Join(dir, parts[1]))
	if set.Len() != 1 || set.SpanCount() != 11 || set.Trace(0).Quality().Orphans != 0 {
		t.Errorf("%d traces, %d spans, %+v", set.Len(), set.SpanCount(), set.Trace(0).Quality())
	}
}

// TestInputsOfAnySizeAreJoined joins inputs that are read by builders of their own.
func TestInputsOfAnySizeAreJoined(t *testing.T) {
	data := benchLines(t, 4000)
	cut := bytes.IndexByte(data[len(data)/2:], '\n') + len(data)/2 + 1
	want := dump(openBytes(t, data))
	set := open(t, Options{}, writeFile(t, "a.jsonl", data[:cut]), writeFile(t, "b.jsonl", data[cut:]))
	if dump(set) != want {
		t.Error("two halves differ from the whole")
	}
}

// TestCopiesOfManyValues exports spans again whose values were interned at first and are kept in place later, among
// others with their ids.
func TestCopiesOfManyValues(t *testing.T) {
	first := benchLines(t, 500)
	other := bytes.ReplaceAll(first, []byte(`"GET"`), []byte(`"PUT"`))
	data := slices.Concat(other, first, benchLines(t, 3000), first)
	set := open(t, Options{}, writeFile(t, "twice.jsonl", data))
	if set.SpanCount() != 3500 || duplicates(set) != 1000 {
		t.Errorf("%d spans, %d duplicates; want 3500 and 1000", set.SpanCount(), duplicates(set))
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, []string{writeFile(t, "a.jsonl", benchLines(t, 20))}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for name, data := range map[string][]byte{
		"one document": joined(benchLines(t, 5000)),
		"other JSON":   []byte(`{"x":[` + strings.Repeat("[1],", 1<<20) + `1]}`),
		"text":         bytes.Repeat([]byte("no traces here\n"), 2<<20),
	} {
		b := trace.NewBuilder()
		r := newReader(b, data)
		looks := 0
		r.Pause = func() error {
			if looks++; looks == 3 {
				return context.Canceled
			}
			return nil
		}
		if err := r.documents(); !errors.Is(err, context.Canceled) || r.Pos > len(data)/2 {
			t.Errorf("%s: stopped at %d of %d: %v", name, r.Pos, len(data), err)
		}
	}
}

func TestProgressAndFirst(t *testing.T) {
	data := benchLines(t, 2000)
	ticks := 0
	var seen []Progress
	var firsts []int
	o := newOpening(context.Background(), Options{
		Progress: func(p Progress) { seen = append(seen, p) },
		First: func(s *trace.Set) {
			firsts = append(firsts, s.SpanCount())
			if err := tracetest.Check(s); err != nil {
				t.Error(err)
			}
		},
	})
	w := o.watch(o.b, &input{name: "in", data: data}, true)
	w.r = newReader(o.b, data)
	w.r.Pause = func() error {
		ticks++
		o.ticks++
		w.report()
		return nil
	}
	if err := w.r.documents(); err != nil {
		t.Fatal(err)
	}
	last := seen[len(seen)-1]
	if len(seen) != ticks || last.Input != "in" || last.Total != int64(len(data)) || last.Bytes < last.Total/2 || last.Spans != firsts[len(firsts)-1] && last.Spans == 0 {
		t.Errorf("progress %+v of %d ticks", last, ticks)
	}
	if len(firsts) < 2 || len(firsts) >= ticks || firsts[0] == 0 {
		t.Errorf("snapshots of %v spans in %d ticks", firsts, ticks)
	}
}

// TestPreview looks at a stream before its end is there.
func TestPreview(t *testing.T) {
	data := benchLines(t, 3000)
	for name, head := range map[string][]byte{"lines": data[:len(data)/2], "document": joined(data)[:len(data)/2]} {
		set := preview("in", head, nil)
		if err := tracetest.Check(set); err != nil || set.SpanCount() < 1000 {
			t.Errorf("%s: %d spans, %v", name, set.SpanCount(), err)
		}
	}
	var seen []Progress
	var first int
	o := newOpening(context.Background(), Options{
		Progress: func(p Progress) { seen = append(seen, p) }, First: func(s *trace.Set) { first += s.SpanCount() },
	})
	tick := make(chan time.Time)
	close(tick) // time passes at every look
	o.ticker.C = tick
	if in, err := o.loadStream(bytes.NewReader(gzipped(t, data)), "in"); err != nil || len(in.data) != len(data) {
		t.Fatal(err)
	}
	if first == 0 || len(seen) < 3 || seen[0].Input != "in" || seen[len(seen)-1].Bytes <= seen[0].Bytes && seen[0].Bytes == 0 {
		t.Errorf("a first look at %d spans, progress %+v", first, seen)
	}
}

func TestChangedFileIsAnError(t *testing.T) {
	data := benchLines(t, 8000)
	for _, left := range []int{4096, len(data) / 3, len(data) * 2 / 3} { // found at once, by the first worker, by the second
		path := writeFile(t, "shrinks.jsonl", data)
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() // it was only read
		mapped, release, err := mapFile(f, len(data))
		if err != nil {
			t.Skip("files are not mapped here: ", err)
		}
		if err := os.Truncate(path, int64(left)); err != nil {
			t.Fatal(err)
		}
		for _, workers := range []int{1, 2} {
			o := newOpening(context.Background(), Options{Workers: workers})
			in := &input{name: path, data: mapped, mapped: true, close: func() error { return nil }}
			o.mapped = append(o.mapped, mapping{in.name, in.data})
			failure, err := o.readInto(o.b, in, true)
			if err != nil || failure == nil || !strings.HasPrefix(failure.Error(), path+": changed while being read") {
				t.Errorf("%d bytes left, %d workers: failure %v, error %v", left, workers, failure, err)
			}
		}
		if err := release(); err != nil {
			t.Error(err)
		}
	}
}

func TestUnreadableFile(t *testing.T) {
	path := writeFile(t, "secret.json", benchLines(t, 20))
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(path); err == nil {
		t.Skip("permissions do not bind this user")
	}
	_, err := Open(context.Background(), []string{path}, Options{})
	if want := path + ": permission denied"; err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
}

func TestInvariantsAtEveryCut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("thousands of inputs, each too small to be shared between goroutines")
	}
	docs := benchLines(t, 1)
	for _, name := range []string{"key-order.json", "jaeger-tags.json", "values.json", "snake-case.json"} {
		docs = append(docs, fileBytes(t, filepath.Join(brokenDir, name))...)
	}
	for cut := range docs {
		result, err := Open(context.Background(), []string{"-"}, Options{Stdin: bytes.NewReader(docs[:cut])})
		if err != nil {
			continue
		}
		if err := tracetest.Check(result.Set); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
}

func TestDeepValues(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("deep")
	}
	const head = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"0000000000000001","name":"deep","attributes":[{"key":"deep","value":`
	const tail = `}]}]}]}]}`
	for _, depth := range []int{10_000, 300_000} {
		for name, pair := range map[string][3]string{
			"array":  {`{"arrayValue":{"values":[`, `{"intValue":"1"}`, `]}}`},
			"map":    {`{"kvlistValue":{"values":[{"key":"k","value":`, `{"intValue":"1"}`, `}]}}`},
			"plain":  {`[`, `1`, `]`},
			"behind": {`{"kvlistValue":{"values":[{"value":`, `{"intValue":"1"}`, `,"key":"k"}]}}`},
		} {
			doc := head + strings.Repeat(pair[0], depth) + pair[1] + strings.Repeat(pair[2], depth) + tail
			set := openBytes(t, []byte(doc))
			got := set.Trace(0).Span(0).Attrs().Get("deep").Text()
			if n := strings.Count(got, "[") + strings.Count(got, "{"); n != depth {
				t.Errorf("%s of depth %d: %d levels", name, depth, n)
			}
			cut := openBytes(t, []byte(string(benchLines(t, 1))+doc[:len(doc)/2]))
			if cut.SpanCount() != 1 {
				t.Errorf("%s of depth %d cut: %d spans", name, depth, cut.SpanCount())
			}
		}
	}
}

func TestLongLine(t *testing.T) {
	t.Parallel()
	size := 200 << 20
	if testing.Short() {
		size = 20 << 20
	}
	doc := bytes.TrimSpace(benchLines(t, 1))
	at := bytes.Index(doc, []byte("req-"))
	long := make([]byte, 0, size+len(doc))
	long = append(long, doc[:at]...)
	long = append(long, bytes.Repeat([]byte("x"), size)...)
	long = append(long, doc[at:]...)
	set := openBytes(t, long)
	if got := set.Trace(0).Span(0).Attrs().Get("app.request.id").Text(); len(got) < size || !strings.Contains(got[size:], "req-") {
		t.Errorf("a value of %d bytes, want more than %d", len(got), size)
	}
}

// TestMuchDamage reads inputs in which every few bytes are damaged: the time must grow with their size only.
func TestMuchDamage(t *testing.T) {
	for _, piece := range []string{`{"resource":x},`, "{\"a\":[1,\n", `{"traceID":"1","spanID":x},`, "{\"data\":[\n", "[\n", "\n{\"resourceSpans\":[{\"resource\":"} {
		for _, head := range []string{"", `{"resourceSpans":[`, `{"data":[{"traceID":"1","spans":[`} {
			data := append(benchLines(t, 1), (head + strings.Repeat(piece, 1<<20/len(piece)))...)
			set := openBytes(t, data)
			if set.SpanCount() != 1 || len(set.Notices()) == 0 || len(set.Notices()) > 8 {
				t.Errorf("%q behind %q: %d spans, %d notices", piece, head, set.SpanCount(), len(set.Notices()))
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	names, err := os.ReadDir(brokenDir)
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range names {
		f.Add(fileBytes(f, filepath.Join(brokenDir, entry.Name())))
	}
	f.Add(gzipped(f, benchLines(f, 2)))
	f.Fuzz(func(t *testing.T, data []byte) {
		result, err := Open(context.Background(), []string{"-"}, Options{Stdin: bytes.NewReader(data)})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %q", err)
			}
			return
		}
		if err := tracetest.Check(result.Set); err != nil {
			t.Error(err)
		}
		for _, n := range result.Set.Notices() {
			if strings.ContainsAny(n.String(), "\n\r\x1b") {
				t.Errorf("a notice with control characters: %q", n)
			}
		}
		_ = fmt.Sprint(describeSet(result.Set)) // every accessor of every span
	})
}
