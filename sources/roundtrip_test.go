package sources

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"tracefall/sources/console"
	"tracefall/sources/decode"
	"tracefall/sources/export"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// shop returns the path of one of the project's sample files, which hold the same traces in every format.
func shop(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("../testdata/traces", name)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func jaegerText(t testing.TB, set *trace.Set) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.WriteJaeger(&out, setTraces(set), export.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// skeleton is what every format can say of the spans: who called whom, when, and with what outcome. Zipkin writes
// names in lower case and gives a server the id of its client. Times are in that many nanoseconds.
func skeleton(set *trace.Set, unit int64) []string {
	var all []string
	for n := range set.Len() {
		t := set.Trace(n)
		for i := t.First(); i < t.Len(); i++ {
			s, parent := t.Span(i), "-"
			if p := s.Parent(); p >= t.First() {
				parent = t.Span(p).Service() + " " + strings.ToLower(t.Span(p).Name())
			}
			kind := s.Kind()
			if kind == trace.KindInternal { // Zipkin has no name for it
				kind = trace.KindUnspecified
			}
			all = append(all, fmt.Sprintf("%s %s %s<%s %s error=%v %d+%d", t.ID(), s.Service(), strings.ToLower(s.Name()), parent,
				kind, s.Error(), s.Start()/unit, s.Duration()/unit))
		}
	}
	sort.Strings(all)
	return all
}

func TestShopInEveryFormat(t *testing.T) {
	want := open(t, Options{}, shop(t, "shop.otlp.json"))
	for _, name := range []string{"shop.pb", "shop.lenprefix.pb", "shop.zstd-records", "shop.pb.zstd-records"} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(describeSet(want), describeSet(open(t, Options{}, shop(t, name)))); diff != "" {
				t.Errorf("(-OTLP JSON +%s):\n%s", name, diff)
			}
		})
	}
	for _, name := range []string{
		"shop.zipkin.json", "shop.zipkin-shared.json", "shop.console-python.json", "shop.console-js.json",
		"shop.console-js-v1.json", "shop.stdouttrace.json", "shop.es-search.json", "shop.es-bulk.ndjson",
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(skeleton(want, 1), skeleton(open(t, Options{}, shop(t, name)), 1)); diff != "" {
				t.Errorf("(-OTLP JSON +%s):\n%s", name, diff)
			}
		})
	}
}

// odd has what exports seldom have.
const odd = `
trace 4bf92f3577b34da6a3ce929d0e0e4736
gateway "POST /checkout" 0ms +5s kind=server http.response.status_code=503 error="no luck" resource.pod="gw-1"
  payment "POST /charge" 10ms +1s kind=client remote=true ratio=2.5 yes=true long="0123456789 0123456789 0123456789 é"
    event retry.attempt 15ms retry.count=5
    link 00000000000000000000000000000002 00000000000000b3
gateway "second root" 2s +1s
lost "orphan" 3s +1s parent=77 remote=false
`

func TestOTLPRoundTrip(t *testing.T) {
	sets := map[string]*trace.Set{"odd": tracetest.Set(t, odd)}
	for _, name := range []string{"shop.otlp.json", "shop.jaeger.json"} {
		sets[name] = open(t, Options{}, shop(t, name))
	}
	for name, set := range sets {
		t.Run(name, func(t *testing.T) { otlpRoundTrip(t, set) })
	}
}

// otlpRoundTrip writes a set, reads it again, and lets the collector do the same.
func otlpRoundTrip(t *testing.T, set *trace.Set) {
	t.Helper()
	text := otlpText(t, set)
	again := readText(t, text)
	if diff := cmp.Diff(describeSet(set), describeSet(again)); diff != "" {
		t.Errorf("read again (-before +after):\n%s", diff)
	}
	if second := otlpText(t, again); second != text {
		t.Errorf("written again (-before +after):\n%s", cmp.Diff(strings.Split(text, ","), strings.Split(second, ",")))
	}
	td, err := (&ptrace.JSONUnmarshaler{DisallowUnknownFields: true}).UnmarshalTraces([]byte(text))
	if err != nil {
		t.Fatalf("the collector refuses the export: %v", err)
	}
	theirs, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
	if err != nil {
		t.Fatal(err)
	}
	if string(theirs) != text {
		t.Errorf("(-collector +ours):\n%s", cmp.Diff(strings.Split(string(theirs), ","), strings.Split(text, ",")))
	}
}

func TestCorpusRoundTrip(t *testing.T) {
	for _, f := range corpus(t) {
		t.Run(f.name, func(t *testing.T) {
			set := open(t, Options{}, f.path)
			again := readText(t, otlpText(t, set))
			if hasTextIDs(set) { // which OTLP cannot have
				if diff := cmp.Diff(names(set), names(again)); diff != "" {
					t.Errorf("as OTLP (-before +after):\n%s", diff)
				}
			} else if diff := cmp.Diff(describeSet(set), describeSet(again)); diff != "" {
				t.Errorf("as OTLP (-before +after):\n%s", diff)
			}
			again = readText(t, jaegerText(t, set))
			if diff := cmp.Diff(skeleton(set, 1000), skeleton(again, 1000)); diff != "" {
				t.Errorf("as Jaeger (-before +after):\n%s", diff)
			}
		})
	}
}

// hasTextIDs reports whether an id is no hexadecimal number.
func hasTextIDs(set *trace.Set) bool {
	for n := range set.Len() {
		t := set.Trace(n)
		for i := t.First(); i < t.Len(); i++ {
			if t.ID().Text != "" || t.Span(i).ID().Text != "" {
				return true
			}
		}
	}
	return false
}

// names is who called whom.
func names(set *trace.Set) []string {
	var all []string
	for n := range set.Len() {
		t := set.Trace(n)
		for i := t.First(); i < t.Len(); i++ {
			all = append(all, fmt.Sprintf("%d %s %d", t.Span(i).Start(), t.Span(i).Name(), t.Span(i).Depth()))
		}
	}
	sort.Strings(all)
	return all
}

func TestJaegerRoundTrip(t *testing.T) {
	set := open(t, Options{}, shop(t, "shop.otlp.json"))
	theirs := open(t, Options{}, shop(t, "shop.jaeger.json"))
	text := jaegerText(t, set)
	ours := readText(t, text)
	if diff := cmp.Diff(describeSet(theirs), describeSet(ours)); diff != "" {
		t.Errorf("(-as the collector translates +as we export):\n%s", diff)
	}
	if second := jaegerText(t, ours); second != text {
		t.Errorf("written again (-before +after):\n%s", cmp.Diff(strings.Split(text, ","), strings.Split(second, ",")))
	}
}

func TestReferencesRoundTrip(t *testing.T) {
	const span = `{"traceID":"abc","spanID":"%d","operationName":"x","startTime":1772460131000000,"duration":5,"processID":"p1","references":[%s]}`
	const ref = `{"refType":"%s","traceID":"abc","spanID":"%d"}`
	set := readText(t, `{"data":[{"traceID":"abc","processes":{"p1":{"serviceName":"web"}},"spans":[`+strings.Join([]string{
		fmt.Sprintf(span, 1, ""),
		fmt.Sprintf(span, 2, fmt.Sprintf(ref, "FOLLOWS_FROM", 1)),
		fmt.Sprintf(span, 3, fmt.Sprintf(ref, "CHILD_OF", 1)+","+fmt.Sprintf(ref, "FOLLOWS_FROM", 1)),
		fmt.Sprintf(span, 4, fmt.Sprintf(ref, "CHILD_OF", 1)+","+fmt.Sprintf(ref, "CHILD_OF", 2)),
	}, ",")+`]}]}`)
	want := references(set)
	if diff := cmp.Diff([]string{
		"1<0000000000000000 follows=false", "2<0000000000000001 follows=true",
		"3<0000000000000001 follows=false 2:0000000000000001", "4<0000000000000001 follows=false 1:0000000000000002",
	}, want); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, references(readText(t, otlpText(t, set)))); diff != "" {
		t.Errorf("as OTLP (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(want, references(readText(t, jaegerText(t, set)))); diff != "" {
		t.Errorf("as Jaeger (-before +after):\n%s", diff)
	}
}

// references is the parent of each span, how it was chosen, and what other spans it refers to.
func references(set *trace.Set) []string {
	var all []string
	t := set.Trace(0)
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		text := fmt.Sprintf("%d<%s follows=%v", s.ID().N, s.ParentID(), s.FollowsFrom())
		for _, l := range s.Links() {
			text += fmt.Sprintf(" %d:%s", l.Kind(), l.SpanID())
		}
		all = append(all, text)
	}
	sort.Strings(all)
	return all
}

func TestJaegerWarnings(t *testing.T) {
	const span = `{"traceID":"00000000000000000000000000000abc","spanID":"0000000000000001","operationName":"x","references":[],` +
		`"startTime":1772460131000000,"duration":5,"tags":[],"logs":[],"processID":"p1","warnings":%s}`
	for _, warnings := range []string{`null`, `["clock skew adjusted","a \"b\""]`} {
		text := jaegerText(t, readText(t, `{"data":[{"traceID":"abc","processes":{"p1":{"serviceName":"web"}},"spans":[`+fmt.Sprintf(span, warnings)+`]}]}`))
		if !strings.Contains(text, fmt.Sprintf(span, warnings)) {
			t.Errorf("warnings %s become %s", warnings, text)
		}
	}
}

func TestJaegerLargeIntegers(t *testing.T) {
	text := jaegerText(t, tracetest.Set(t, "a x 0ms +1ms n=9007199254740993 m=9007199254740991 l=-9007199254740992\n"))
	for _, want := range []string{`"value":"9007199254740993"`, `"value":9007199254740991`, `"value":"-9007199254740992"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestRedact(t *testing.T) {
	set := tracetest.Set(t, `
trace 4bf92f3577b34da6a3ce929d0e0e4736
gateway "POST /checkout pin 4242" 0ms +5s card="4111 1111 1111 1111" n=7 resource.card=secret error="no pin 4242"
  event "paid pin 4242" 15ms card=4111
  link 00000000000000000000000000000002 00000000000000b3
`)
	opt := export.Options{Redact: func(key string, value trace.Value) (string, bool) {
		return "[hidden]", key == "card" || key == "n" && value.Type() == trace.TypeInt || key == decode.ServiceKey
	}, RedactText: func(text string) string { return strings.ReplaceAll(text, "pin 4242", "pin ****") }}
	var otlp, jaeger bytes.Buffer
	if err := export.WriteOTLP(&otlp, setTraces(set), opt); err != nil {
		t.Fatal(err)
	}
	if err := export.WriteJaeger(&jaeger, setTraces(set), opt); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"OTLP": otlp.String(), "Jaeger": jaeger.String()} {
		for _, secret := range []string{"4111", "secret", "gateway", `7"`, ":7}", "4242"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s still says %s: %s", name, secret, text)
			}
		}
		if got := strings.Count(text, "[hidden]"); got != 5 {
			t.Errorf("%s hides %d values, want 5: %s", name, got, text)
		}
		if root := readText(t, text).Trace(0).Root(); root.Service() != "[hidden]" || root.Name() != "POST /checkout pin ****" || root.StatusMessage() != "no pin ****" {
			t.Errorf("%s reads as %s %s", name, root.Service(), root.Name())
		}
	}
}

func TestWriteNothing(t *testing.T) {
	var otlp, jaeger bytes.Buffer
	if err := export.WriteOTLP(&otlp, nil, export.Options{}); err != nil || otlp.String() != `{}` {
		t.Errorf("OTLP: %v %s", err, &otlp)
	}
	const empty = `{"data":[],"total":0,"limit":0,"offset":0,"errors":null}`
	if err := export.WriteJaeger(&jaeger, nil, export.Options{}); err != nil || jaeger.String() != empty {
		t.Errorf("Jaeger: %v %s", err, &jaeger)
	}
}

// fullDisk fails after some bytes.
type fullDisk struct{ room int }

func (f *fullDisk) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, fmt.Errorf("disk full")
	}
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	set := tracetest.Set(t, "a root 0ms +1s\n  a child 0ms +1ms repeat=2000\n")
	for name, write := range map[string]func() error{
		"OTLP": func() error {
			return export.WriteOTLP(&fullDisk{jsonscan.WriterSize * 2}, setTraces(set), export.Options{})
		},
		"Jaeger": func() error {
			return export.WriteJaeger(&fullDisk{jsonscan.WriterSize * 2}, setTraces(set), export.Options{})
		},
	} {
		if err := write(); err == nil || err.Error() != "disk full" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzFormats reads what is like one of the formats: no panic, the builder's promises hold, and what was read can be
// written so that the collector reads as many spans.
func FuzzFormats(f *testing.F) {
	for _, seed := range []string{zipkinShared, pythonTwo, jsInspected, jsJSON, goStubs, elasticSearch, elasticBulk} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := trace.NewBuilder()
		r := newReader(b, data)
		if console.IsInspect(data) {
			console.ReadInspected(r.Reader).Document()
		} else if err := r.documents(); err != nil {
			t.Fatal(err)
		}
		set := checkedSet(t, b)
		text := otlpText(t, set)
		td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(text))
		if err != nil {
			t.Fatalf("the collector refuses %s: %v", text, err)
		}
		if td.SpanCount() != set.SpanCount() {
			t.Errorf("%d spans were read, the collector reads %d of the export", set.SpanCount(), td.SpanCount())
		}
		if again := jaegerText(t, set); !json.Valid([]byte(again)) {
			t.Errorf("the Jaeger export is no JSON: %s", again)
		}
	})
}

func TestExportDeepValues(t *testing.T) {
	for _, depth := range []int{5000, 100_000} {
		b := trace.NewBuilder()
		b.Input("in")
		deep := strings.Repeat(`[{"a":`, depth/2) + "1" + strings.Repeat("}]", depth/2)
		b.Add(&trace.RawSpan{
			Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: 1}, Start: 1, End: 2,
			Attrs: []trace.Attr{b.JSON(b.Symbol([]byte("deep")), []byte(deep))},
		})
		set := checkedSet(t, b)
		again := readText(t, otlpText(t, set)).Trace(0).Root().Attrs().Get("deep")
		// What is deeper than encoding/json reads, and so than any receiver would, is written as a string.
		wantType := trace.TypeJSON
		if depth > 10_000 {
			wantType = trace.TypeString
		}
		if again.Type() != wantType || again.Text() != deep {
			t.Errorf("depth %d: type %v, %d bytes; want type %v, %d bytes", depth, again.Type(), len(again.Text()), wantType, len(deep))
		}
	}
}
