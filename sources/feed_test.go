package sources

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// grown is a trace of that number and spans, as OTLP; later versions of a trace say so on each span.
func grown(number, version, spans int) string {
	var list []string
	for i := range spans {
		parent := ""
		if i > 0 {
			parent = fmt.Sprintf(`"parentSpanId":"%016x",`, i)
		}
		list = append(list, fmt.Sprintf(
			`{"traceId":"%032x","spanId":"%016x",%s"name":"op %d","startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[{"key":"version","value":{"intValue":"%d"}}]}`,
			number+1, i+1, parent, i, 1e18+number*1e6+i*1000, 1e18+number*1e6+1e5, version))
	}
	return fmt.Sprintf(`{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop-%d"}}]},"scopeSpans":[{"spans":[%s]}]}`,
		number%3, strings.Join(list, ","))
}

func answerOf(traces ...string) string {
	return `{"result":{"resourceSpans":[` + strings.Join(traces, ",") + `]}}`
}

// TestFeedReadsAnew feeds documents in which traces come again, with more spans and with fewer: what there is at the end is
// what reading the last version of each trace gives.
func TestFeedReadsAnew(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		feed := NewFeed(Options{Workers: 1})
		last := map[int]string{}
		for version := range 1 + r.IntN(12) {
			var doc []string
			for _, number := range r.Perm(6)[:r.IntN(6)] {
				last[number] = grown(number, version, 1+r.IntN(5))
				doc = append(doc, last[number])
			}
			ids, err := feed.Add("prod", []byte(answerOf(doc...)))
			if err != nil || len(ids) != len(doc) {
				t.Fatalf("seed %d: %d traces, want %d: %v", seed, len(ids), len(doc), err)
			}
			if r.IntN(3) == 0 {
				feed.Set()
			}
			once := NewFeed(Options{})
			var all []string
			for number := range 6 {
				if last[number] != "" {
					all = append(all, last[number])
				}
			}
			if _, err := once.Add("prod", []byte(answerOf(all...))); err != nil {
				t.Fatal(err)
			}
			got, want := feed.Set(), once.Set()
			if err := tracetest.Check(got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(dump(want), dump(got)); diff != "" || feed.Traces() != want.Len() {
				t.Fatalf("seed %d: %d traces (-last versions +fed):\n%s", seed, feed.Traces(), diff)
			}
		}
	}
}

func TestFeedSnapshotsStay(t *testing.T) {
	feed := NewFeed(Options{})
	add := func(text string) {
		if _, err := feed.Add("prod", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	add(answerOf(grown(0, 0, 3), grown(1, 0, 2)))
	early := feed.Set()
	before := dump(early)
	for version := range 30 {
		add(answerOf(grown(version%2, version, 4), grown(2+version, 0, 20)))
	}
	if got := dump(early); got != before {
		t.Error("a snapshot changed when more was added")
	}
}

func TestFeedDocuments(t *testing.T) {
	whole := answerOf(grown(0, 0, 3))
	for _, test := range []struct{ name, text, problem string }{
		{"no spans", `{"result":{"resourceSpans":[]}}`, ""},
		{"Tempo's missing trace", `{"trace":{},"metrics":{}}`, ""},
		{"Jaeger's empty list", `{"data":[],"total":0,"limit":0,"offset":0,"errors":null}`, ""},
		{"Tempo's empty search", `{"traces":[],"metrics":{}}`, ""},
		{"an empty object", `{}`, ""},
		{"nothing", ``, ""},
		{"white space", " \n", ""},
		{"another JSON", "{\"answer\":\"\\u001b[31mred\", \t\r\"of\":\n" + `"something else entirely that goes on and on and on for more than it is worth"}`,
			`expected spans, got: {"answer":"\u001b[31mred", "of": "something else entirely that goes on and on`},
		{"a list", `["a","b"]`, "contains a list of names, no spans: fetch a trace by id (…/api/traces/ID)"},
		{"text", "upstream connect error", "expected spans, got: upstream connect error"},
		{"an error", `{"error":{"httpCode":500,"message":"boom"}}`, "Jaeger says: boom (code 500)"},
		{"broken", `{"result":{"resourceSpans":[{"resource":{]}}`, `no spans readable`},
		{"with a control byte", "{\"a\":\x01}", `no spans readable`},
	} {
		t.Run(test.name, func(t *testing.T) {
			feed := NewFeed(Options{})
			ids, err := feed.Add("prod", []byte(test.text))
			if test.problem == "" {
				if err != nil || len(ids) != 0 {
					t.Errorf("%v, %v, want neither", ids, err)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), "prod: "+test.problem) || strings.ContainsAny(err.Error(), "\n\x1b\x01") {
				t.Errorf("%v\nwant %s", err, test.problem)
			}
			if _, err := feed.Add("prod", []byte(whole)); err != nil || feed.Set().SpanCount() != 3 {
				t.Errorf("after an error the next document is not read: %v", err)
			}
		})
	}
}

func TestFeedOfCutDocument(t *testing.T) {
	text := answerOf(grown(0, 0, 3), grown(1, 0, 3))
	feed := NewFeed(Options{})
	if _, err := feed.Add("prod", []byte(text[:len(text)-150])); err != nil {
		t.Fatal(err)
	}
	set := feed.Set()
	if set.Len() != 2 || !set.Trace(1).Quality().Incomplete() || !set.Truncated("prod") {
		t.Errorf("%d traces, %+v, %v", set.Len(), set.Trace(set.Len()-1).Quality(), set.Notices())
	}
	if _, err := feed.Add("prod", []byte(text)); err != nil {
		t.Fatal(err)
	}
	if set = feed.Set(); set.SpanCount() != 6 || set.Trace(1).Quality().Incomplete() || len(set.Notices()) > 0 {
		t.Errorf("read whole: %d spans, %+v, %v", set.SpanCount(), set.Trace(1).Quality(), set.Notices())
	}
}

// TestFeedNotices keeps the notices of a document until none of its traces counts any longer, and of documents without
// traces each thing once.
func TestFeedNotices(t *testing.T) {
	feed := NewFeed(Options{})
	notice := func(text string) trace.Notice {
		return trace.Notice{Kind: "partial-answer", Input: "prod", Message: text}
	}
	add := func(said string, traces ...string) {
		if _, err := feed.Add("prod", []byte(answerOf(traces...)), notice(said)); err != nil {
			t.Fatal(err)
		}
	}
	add("first", grown(0, 0, 2), grown(1, 0, 2))
	add("second", grown(0, 1, 2))
	add("empty")
	add("empty")
	if got := noticeTexts(feed.Set()); !slices.Equal(got, []string{"partial-answer 0 first", "partial-answer 0 second", "partial-answer 0 empty"}) {
		t.Errorf("%q", got)
	}
	add("third", grown(1, 2, 2))
	if got := noticeTexts(feed.Set()); !slices.Equal(got, []string{"partial-answer 0 second", "partial-answer 0 empty", "partial-answer 0 third"}) {
		t.Errorf("%q", got)
	}
}

func TestFeedShowsEachDocument(t *testing.T) {
	feed := NewFeed(Options{})
	odd := errors.New("odd")
	for i := range 3 {
		seen := 0
		ids, err := feed.AddSeen("prod", []byte(answerOf(grown(i, 0, 2))), func(set *trace.Set) error {
			seen += set.SpanCount()
			return odd
		})
		if seen != 2 || len(ids) != 1 || !errors.Is(err, odd) {
			t.Errorf("%d spans seen, traces %v, %v", seen, ids, err)
		}
	}
	if got := feed.Set().SpanCount(); got != 6 {
		t.Errorf("%d spans, want 6", got)
	}
}

// TestRemote opens an input that is no file beside a file that has other spans of one of its traces.
func TestRemote(t *testing.T) {
	file := writeFile(t, "half.json", []byte(strings.Replace(answerOf(grown(1, 0, 1)), "0000000000000001", "00000000000000aa", 1)))
	failed := errors.New("503 after 3 tries")
	for _, inputs := range [][]string{{"prod:", file}, {file, "prod:"}} {
		for _, failure := range []error{nil, failed} {
			var first []int
			result, err := Open(context.Background(), inputs, Options{
				First: func(s *trace.Set) { first = append(first, s.SpanCount()) },
				Remote: map[string]Remote{"prod:": func(_ context.Context, feed *Feed) error {
					for i := range 3 {
						for range 2 {
							if _, err := feed.Add("prod", []byte(answerOf(grown(i, 0, 3)))); err != nil {
								return err
							}
						}
					}
					return failure
				}},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := result.Set; got.Len() != 3 || got.SpanCount() != 10 || got.Trace(1).SpanCount() != 4 || duplicates(got) > 0 {
				t.Errorf("%v: %d traces, %d spans, want 3, 10 in %s", inputs, got.Len(), got.SpanCount(), dump(got))
			}
			if failure == nil && len(result.Failures) == 0 {
				continue
			}
			if len(result.Failures) != 1 || !errors.Is(result.Failures[0], failure) || result.Failures[0].Error() != "prod:: 503 after 3 tries" {
				t.Errorf("failures %v", result.Failures)
			}
		}
	}
}

// TestFeedGoesOn adds to what was opened, after the context of opening has ended: what comes again takes the place of what
// was there, and the set that was opened stays as it was.
func TestFeedGoesOn(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	ask := func(_ context.Context, feed *Feed) error {
		_, err := feed.Add("prod", []byte(answerOf(grown(0, 0, 2), grown(1, 0, 1))))
		return err
	}
	result, err := Open(ctx, []string{"prod:"}, Options{
		Grow: true, Remote: map[string]Remote{"prod:": ask}, First: func(*trace.Set) {}, Progress: func(Progress) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	before := dump(result.Set)
	if _, err := result.Feed.Add("prod", []byte(answerOf(grown(1, 1, 3), grown(2, 1, 1)))); err != nil {
		t.Fatal(err)
	}
	once := NewFeed(Options{})
	if _, err := once.Add("prod", []byte(answerOf(grown(0, 0, 2), grown(1, 1, 3), grown(2, 1, 1)))); err != nil {
		t.Fatal(err)
	}
	if got, want := dump(result.Feed.Set()), dump(once.Set()); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := dump(result.Set); got != before {
		t.Errorf("the opened set has changed: %s\nwas %s", got, before)
	}
}

func TestRemoteAlone(t *testing.T) {
	refused := errors.New("refused")
	ctx, cancel := context.WithCancel(context.Background())
	for _, test := range []struct {
		name  string
		ask   Remote
		fails error
		shown bool
	}{
		{"nothing there", func(context.Context, *Feed) error { return nil }, nil, false},
		{"refused", func(context.Context, *Feed) error { return refused }, refused, false},
		{"canceled", func(ctx context.Context, feed *Feed) error {
			_, err := feed.Add("prod", []byte(answerOf(grown(0, 0, 3))))
			cancel()
			return errors.Join(err, ctx.Err())
		}, context.Canceled, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			shown := false
			result, err := Open(ctx, []string{"prod:"}, Options{
				First:  func(s *trace.Set) { shown = s.SpanCount() == 3 },
				Remote: map[string]Remote{"prod:": test.ask},
			})
			if !errors.Is(err, test.fails) || (err == nil) != (test.fails == nil) || shown != test.shown {
				t.Errorf("%v, shown %v", err, shown)
			}
			if err == nil && result.Set.Len() != 0 {
				t.Errorf("%d traces", result.Set.Len())
			}
		})
	}
}

// TestRemoteShownIsRead reads what an opening shows while it goes on to its end: nothing of that is changed, which the race
// detector sees.
func TestRemoteShownIsRead(t *testing.T) {
	end := make(chan struct{})
	var reading sync.WaitGroup
	_, err := Open(t.Context(), []string{"prod:"}, Options{
		First: func(s *trace.Set) {
			before := dump(s)
			reading.Go(func() {
				for done := false; !done; {
					select {
					case <-end:
						done = true
					default:
					}
					if dump(s) != before {
						t.Error("what was shown changed")
					}
				}
			})
		},
		Remote: map[string]Remote{"prod:": func(_ context.Context, feed *Feed) error {
			_, err := feed.Add("prod", []byte(answerOf(grown(0, 0, 3), grown(1, 0, 200))))
			return err
		}},
	})
	close(end)
	reading.Wait()
	if err != nil {
		t.Error(err)
	}
}

// BenchmarkFeedSet adds 100 traces to 10,000 of 20 spans each and shows all of them.
func BenchmarkFeedSet(b *testing.B) {
	feed := NewFeed(Options{})
	add := func(from int) {
		var doc []string
		for i := range 100 {
			doc = append(doc, grown(from+i, 0, 20))
		}
		if _, err := feed.Add("prod", []byte(answerOf(doc...))); err != nil {
			b.Fatal(err)
		}
	}
	for from := 0; from < 10_000; from += 100 {
		add(from)
	}
	for b.Loop() {
		add(0)
		feed.Set()
	}
}

// TestFeedForgets lets go of traces: they are gone with the notices of their documents, and may come again.
func TestFeedForgets(t *testing.T) {
	feed := NewFeed(Options{Workers: 1})
	add := func(notice string, numbers ...int) []trace.TraceID {
		t.Helper()
		var doc []string
		for _, number := range numbers {
			doc = append(doc, grown(number, 0, 3))
		}
		ids, err := feed.Add("prod", []byte(answerOf(doc...)), trace.Notice{Message: notice})
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	two, one := add("two", 1, 2), add("one", 3)
	before := feed.Set()
	feed.Forget([]trace.TraceID{two[0], one[0], {Lo: 99}})
	if set := feed.Set(); set.Len() != 1 || set.SpanCount() != 3 || set.Find(two[1]) == nil || len(set.Notices()) != 1 || before.Len() != 3 {
		t.Errorf("%d traces, %d spans, notices %v are left; %d traces before", set.Len(), set.SpanCount(), set.Notices(), before.Len())
	}
	add("again", 1)
	if set := feed.Set(); set.Len() != 2 || set.Find(two[0]) == nil || len(set.Notices()) != 2 {
		t.Errorf("%d traces, notices %v after one came again", set.Len(), set.Notices())
	}
	if err := tracetest.Check(feed.Set()); err != nil {
		t.Error(err)
	}
}

// TestFeedCompacts reads every example twice and lets go of what was read first: what there is stays the same.
func TestFeedCompacts(t *testing.T) {
	paths, err := filepath.Glob("../testdata/traces/*")
	if err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(t.TempDir(), "odd.json") // with ids that are no hexadecimal numbers, and a warning of the backend
	if err := os.WriteFile(odd, []byte(`{"data":[{"traceID":"cart#1","spans":[{"traceID":"cart#1","spanID":"first","operationName":"a","startTime":1795903047123456,"duration":9,"processID":"p"},`+
		`{"traceID":"cart#1","spanID":"second","operationName":"b","references":[{"refType":"CHILD_OF","traceID":"cart#1","spanID":"first"},{"refType":"FOLLOWS_FROM","traceID":"cart#1","spanID":"other"}],`+
		`"startTime":1795903047123457,"duration":2,"warnings":["the clock is off"],"processID":"p"}],"processes":{"p":{"serviceName":"cart"}}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	all := func(s *trace.Set) string {
		text := dump(s)
		for i := range s.Len() {
			for k := range s.Trace(i).Len() {
				text += strings.Join(s.Trace(i).Span(k).Warnings(), "\n")
			}
		}
		return text
	}
	read := 0
	for _, path := range append(paths, odd) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		feed := NewFeed(Options{Workers: 1})
		for version, spans := range []int{9, 1} { // so that texts have other numbers afterwards
			if _, err := feed.Add("prod", []byte(answerOf(grown(7, version, spans)))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := feed.Add("prod", data); err != nil {
			continue // none that a server answers
		}
		read++
		if _, err := feed.Add("prod", data); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		set := feed.Set()
		before, spans := all(set), feed.o.b.Spans()
		feed.o.b, feed.set = trace.Compact(feed.o.b), nil
		if left := feed.o.b.Spans(); 2*left+8 != spans || feed.o.b.Replaced() != 0 || feed.o.b.Traces() != feed.Traces() {
			t.Errorf("%s: %d of %d spans are left, %d replaced", path, left, spans, feed.o.b.Replaced())
		}
		if diff := cmp.Diff(before, all(feed.Set())); diff != "" {
			t.Errorf("%s (-before +compacted):\n%s", path, diff)
		}
		if all(set) != before {
			t.Errorf("%s: the set that was published has changed", path)
		}
		if _, err := feed.Add("prod", data); err != nil || all(feed.Set()) != before {
			t.Errorf("%s: read on top of what was compacted: %v", path, err)
		}
	}
	if read < 20 {
		t.Errorf("%d files were read", read)
	}
}

// TestFeedStaysSmall reads a window that slides, as a watch of some hours does: each trace comes in many answers. What is
// kept is that of a feed that read each once, and some more.
func TestFeedStaysSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("many rounds")
	}
	const rounds, spans, window = 600, 40, 26 // of which two traces are new each time
	feeds := map[int]*Feed{}
	kept := map[int]int64{}
	for _, of := range []int{window, 2} {
		before := heap()
		feed := NewFeed(Options{Workers: 1})
		for round := range rounds {
			var doc []string
			for number := 2 * round; number < 2*round+of; number++ {
				doc = append(doc, grown(number, round, spans))
			}
			if _, err := feed.Add("prod", []byte(answerOf(doc...)), trace.Notice{Kind: "cut", Input: "prod", Message: fmt.Sprint(round)}); err != nil {
				t.Fatal(err)
			}
			live := feed.Traces() * spans
			if kept := feed.o.b.Spans(); kept > 2*live+leastReplaced+window*spans {
				t.Fatalf("round %d: %d spans are kept, %d count", round, kept, live)
			}
		}
		if n := len(feed.docs); n > 2*rounds {
			t.Errorf("%d documents are kept", n)
		}
		feed.Set()
		feeds[of], kept[of] = feed, heap()-before
	}
	runtime.KeepAlive(feeds)
	t.Logf("%d KB are kept, %d KB of a feed that read each trace once", kept[window]>>10, kept[2]>>10)
	if kept[window] > 4*kept[2] {
		t.Error("which is too much")
	}
}

// heap is how much memory is in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
