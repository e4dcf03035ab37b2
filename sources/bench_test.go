package sources

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// BenchmarkLoad opens OTLP JSON lines of about 900 bytes a span and, in the same run, has the collector's
// unmarshaler read the same file: the ratios of time and of peak memory are what the budgets are about.
//
// TRACEFALL_BENCH_SPANS=1000000 adds the size of the budget, about 1 GB; TRACEFALL_BENCH_FILE=… another file.
func BenchmarkLoad(b *testing.B) {
	sizes := []int{1_000, 100_000}
	if n, err := strconv.Atoi(os.Getenv("TRACEFALL_BENCH_SPANS")); err == nil {
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		b.Run(fmt.Sprintf("spans=%d", n), func(b *testing.B) { benchmarkFile(b, benchFile(b, n)) })
	}
	if name := os.Getenv("TRACEFALL_BENCH_FILE"); name != "" {
		b.Run(filepath.Base(name), func(b *testing.B) { benchmarkFile(b, name) })
	}
}

func benchmarkFile(b *testing.B, name string) {
	info, err := os.Stat(name)
	if err != nil {
		b.Fatal(err)
	}
	warm(b, name)
	var ours, theirs measured
	spans := 0
	b.SetBytes(info.Size())
	for b.Loop() {
		m := measure(func() {
			result, err := Open(context.Background(), []string{name}, Options{})
			if err != nil {
				b.Fatal(err)
			}
			spans = result.Set.SpanCount()
			if err := result.Set.Close(); err != nil {
				b.Fatal(err)
			}
		})
		ours.Add(m)
	}
	theirs.Add(measure(func() { collect(b, name) }))
	b.ReportMetric(float64(spans)/ours.seconds/1e6, "Mspans/s")
	b.ReportMetric(float64(ours.peak)/1e6, "peak-MB")
	b.ReportMetric(float64(ours.peak)/float64(spans), "peak-B/span")
	b.ReportMetric(theirs.seconds/ours.seconds, "×faster-than-pdata")
	b.ReportMetric(float64(ours.peak)/float64(theirs.peak), "×memory-of-pdata")
}

// measured is the best time and the highest peak of anonymous memory of some runs.
type measured struct {
	seconds float64
	peak    int64
}

func (m *measured) Add(other measured) {
	if m.seconds == 0 || other.seconds < m.seconds {
		m.seconds = other.seconds
	}
	m.peak = max(m.peak, other.peak)
}

// measure runs work and watches the memory of the process that is no file's.
func measure(work func()) measured {
	debug.FreeOSMemory()
	before := anonymous()
	var peak atomic.Int64
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			peak.Store(max(peak.Load(), anonymous()-before))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	start := time.Now()
	work()
	seconds := time.Since(start).Seconds()
	close(done)
	<-stopped
	return measured{seconds, peak.Load()}
}

// anonymous returns the resident memory of the process without mapped files, in bytes.
func anonymous() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if _, rest, ok := bytes.Cut(status, []byte("RssAnon:")); err == nil && ok {
		if kb, err := strconv.ParseInt(string(bytes.Fields(rest)[0]), 10, 64); err == nil {
			return kb << 10
		}
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapInuse)
}

// warm reads the file once, so that both find it in the page cache.
func warm(b *testing.B, name string) {
	b.Helper()
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close() // it was only read
	if _, err := f.WriteTo(discard{}); err != nil {
		b.Fatal(err)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// collect reads a file of JSON lines with the collector's unmarshaler and keeps everything.
func collect(b *testing.B, name string) {
	b.Helper()
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close() // it was only read
	all := ptrace.NewTraces()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<30)
	for lines.Scan() {
		td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(lines.Bytes())
		if err != nil {
			b.Fatal(err)
		}
		td.ResourceSpans().MoveAndAppendTo(all.ResourceSpans())
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
	runtime.KeepAlive(all)
}

// benchFile writes a file with that many spans: with the generator of large files where it is there, in the
// shape of its output where not.
func benchFile(b *testing.B, spans int) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "bench.jsonl")
	if _, err := os.Stat("../testdata/gen/big"); err == nil && spans > 100_000 {
		out, err := exec.Command("go", "run", "-C", "../testdata/gen", "./big", "-spans", strconv.Itoa(spans), "-o", name).CombinedOutput()
		if err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		return name
	}
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	writeBench(w, spans)
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return name
}

// writeBench writes traces of 20 spans over 12 services, 500 spans a line.
func writeBench(w *bufio.Writer, spans int) {
	r := rand.New(rand.NewPCG(1, 1))
	const perLine, perTrace = 500, 20
	start := int64(1_700_000_000_000_000_000)
	var trace [2]uint64
	for i := range spans {
		if i%perTrace == 0 {
			trace = [2]uint64{r.Uint64(), r.Uint64()}
		}
		switch {
		case i%perLine != 0:
			_ = w.WriteByte(',')
		default:
			if i > 0 {
				_, _ = w.WriteString("]}]}]}\n")
			}
			service := fmt.Sprintf("service-%d", i/perLine%12)
			fmt.Fprintf(w, `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}},{"key":"k8s.pod.name","value":{"stringValue":"%s-7d9f6c5b80-x2x9q"}},{"key":"host.name","value":{"stringValue":"ip-10-2-7-0.eu-west-1.compute.internal"}},{"key":"telemetry.sdk.language","value":{"stringValue":"go"}}]},"scopeSpans":[{"scope":{"name":"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp","version":"0.64.0"},"spans":[`, service, service)
		}
		parent := fmt.Sprintf("%016x", uint64(i/perTrace*perTrace+1+i%perTrace/3))
		if i%perTrace == 0 {
			parent = ""
		}
		start += r.Int64N(1e6)
		fmt.Fprintf(w, `{"traceId":"%016x%016x","spanId":"%016x","parentSpanId":"%s","flags":257,"name":"GET","kind":%d,"startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"url.full","value":{"stringValue":"http://pricing.prod.svc.cluster.local:8080/api/carts/c-%d"}},{"key":"server.address","value":{"stringValue":"pricing.prod.svc.cluster.local"}},{"key":"server.port","value":{"intValue":"8080"}},{"key":"http.response.status_code","value":{"intValue":"200"}},{"key":"network.protocol.version","value":{"stringValue":"1.1"}},{"key":"network.peer.address","value":{"stringValue":"10.2.7.%d"}},{"key":"http.response.body.size","value":{"intValue":"%d"}},{"key":"app.request.id","value":{"stringValue":"req-%d"}}],"status":{}}`,
			trace[0], trace[1], i+1, parent, 1+i%5, start, start+r.Int64N(1e8), r.IntN(1e7), r.IntN(256), r.IntN(1e5), r.IntN(1e7))
	}
	_, _ = w.WriteString("]}]}]}\n")
}

// benchLines returns what writeBench writes.
func benchLines(t testing.TB, spans int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	writeBench(w, spans)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBenchFile(t *testing.T) {
	s := openBytes(t, benchLines(t, 1500))
	if s.SpanCount() != 1500 || s.Len() != 75 || len(s.Notices()) != 0 {
		t.Errorf("%d spans, %d traces, %v", s.SpanCount(), s.Len(), s.Notices())
	}
}
