package incident

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// told is a span of a file with its service.
type told struct {
	ptrace.Span
	service string
}

func (s told) ms() float64 { return float64(s.EndTimestamp()-s.StartTimestamp()) / 1e6 }

func (s told) attr(key string) string {
	v, ok := s.Attributes().Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

// read lists the spans of OTLP JSON lines, gzipped if name says so.
func read(t *testing.T, name string, data []byte) []told {
	t.Helper()
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if data, err = io.ReadAll(z); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var out []told
	for i, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
		td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
		if err != nil {
			t.Fatalf("%s: line %d: %v", name, i+1, err)
		}
		for _, rs := range td.ResourceSpans().All() {
			service, _ := rs.Resource().Attributes().Get("service.name")
			for _, ss := range rs.ScopeSpans().All() {
				for _, s := range ss.Spans().All() {
					out = append(out, told{s, service.Str()})
				}
			}
		}
	}
	return out
}

func byTrace(spans []told) map[string][]told {
	out := map[string][]told{}
	for _, s := range spans {
		out[s.TraceID().String()] = append(out[s.TraceID().String()], s)
	}
	return out
}

// TestDemoIndex: every file is in the index, and every trace it names is in
// that file; the whole is small enough to be embedded.
func TestDemoIndex(t *testing.T) {
	files, err := DemoFiles()
	if err != nil {
		t.Fatal(err)
	}
	var index struct{ Incidents []indexEntry }
	if err := json.Unmarshal(files["index.json"], &index); err != nil {
		t.Fatal(err)
	}
	total, listed := 0, []string{"index.json"}
	for _, entry := range index.Incidents {
		if entry.Title == "" || entry.Story[0] == "" || entry.Story[1] == "" {
			t.Errorf("%s: title or story is missing", entry.Name)
		}
		listed = append(listed, entry.Files...)
		for _, ref := range append(slices.Clone(entry.Good), entry.Bad...) {
			file, id, _ := strings.Cut(ref, "#")
			if len(byTrace(read(t, file, files[file]))[id]) == 0 {
				t.Errorf("%s: trace %s is not in %s", entry.Name, id, file)
			}
		}
	}
	for name, data := range files {
		total += len(data)
		if !slices.Contains(listed, name) {
			t.Errorf("%s is not in the index", name)
		}
	}
	if total > 400_000 {
		t.Errorf("the demo is %d bytes, want at most 400000", total)
	}
}

// TestHealthyTrafficIsHealthy: a trace that no story names as bad has no error,
// one root, children inside their parents, and no reads worth overlapping.
func TestHealthyTrafficIsHealthy(t *testing.T) {
	files, err := DemoFiles()
	if err != nil {
		t.Fatal(err)
	}
	var index struct{ Incidents []indexEntry }
	if err := json.Unmarshal(files["index.json"], &index); err != nil {
		t.Fatal(err)
	}
	for _, entry := range index.Incidents {
		for _, file := range entry.Files {
			for id, spans := range byTrace(read(t, file, files[file])) {
				if slices.Contains(entry.Bad, file+"#"+id) || strings.HasSuffix(file, "-breaker.jsonl.gz") {
					continue
				}
				if entry.Name == "shared-dependency" && failedElsewhere(spans) {
					continue
				}
				if problem := unhealthy(spans); problem != "" {
					t.Errorf("%s: trace %s: %s", file, id, problem)
				}
			}
		}
	}
}

// failedElsewhere: the three failures that are not redis's.
func failedElsewhere(spans []told) bool {
	return slices.ContainsFunc(spans, func(s told) bool { return s.attr("server.address") == "acquirer.example.net" })
}

func unhealthy(spans []told) string {
	ids, reads, roots := map[pcommon.SpanID]told{}, map[pcommon.SpanID]int{}, 0
	for _, s := range spans {
		ids[s.SpanID()] = s
	}
	for _, s := range spans {
		if s.Status().Code() == ptrace.StatusCodeError {
			return fmt.Sprintf("%s failed", s.Name())
		}
		if s.ParentSpanID().IsEmpty() {
			roots++
			continue
		}
		p, ok := ids[s.ParentSpanID()]
		if !ok {
			return fmt.Sprintf("%s is an orphan", s.Name())
		}
		if s.StartTimestamp() < p.StartTimestamp() || s.EndTimestamp() > p.EndTimestamp() {
			return fmt.Sprintf("%s is not inside %s", s.Name(), p.Name())
		}
		if s.Kind() == ptrace.SpanKindClient && s.ms() >= 30 && (strings.HasPrefix(s.Name(), "GET") || strings.HasPrefix(s.Name(), "SELECT")) {
			if reads[p.SpanID()]++; reads[p.SpanID()] > 1 {
				return fmt.Sprintf("%s makes several reads of 30 ms and more", p.Name())
			}
		}
	}
	if roots != 1 {
		return fmt.Sprintf("%d roots", roots)
	}
	return ""
}

// TestCasesHaveTheirNumbers compares counts and times in expect.json with the
// spans themselves.
func TestCasesHaveTheirNumbers(t *testing.T) {
	files, err := CaseFiles()
	if err != nil {
		t.Fatal(err)
	}
	var expect struct{ Cases []expectation }
	if err := json.Unmarshal(files["expect.json"], &expect); err != nil {
		t.Fatal(err)
	}
	numbers := map[string]map[string]float64{}
	for _, e := range expect.Cases {
		numbers[e.Case] = e.MS
		if _, ok := files[e.Case+".new.otlp.json"]; !ok {
			t.Errorf("%s: no file", e.Case)
		}
	}
	spans := func(name string) []told { return read(t, name, files[name+".new.otlp.json"]) }
	longest := func(list []told) float64 {
		most := 0.0
		for _, s := range list {
			most = max(most, s.ms())
		}
		return most
	}
	named := func(list []told, service, name string) (out []told) {
		for _, s := range list {
			if s.service == service && strings.HasPrefix(s.Name(), name) {
				out = append(out, s)
			}
		}
		slices.SortFunc(out, func(a, b told) int { return int(int64(a.StartTimestamp()) - int64(b.StartTimestamp())) })
		return out
	}
	check := func(what string, got, want float64) {
		t.Helper()
		if d := got - want; d > 0.01 || d < -0.01 {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}

	storm := spans("retry-storm.scenario")
	attempts := named(storm, "checkout-service", "POST")
	var calls []told
	sum := 0.0
	for _, s := range attempts {
		if s.Kind() == ptrace.SpanKindClient {
			calls = append(calls, s)
			sum += s.ms()
		}
	}
	check("storm: calls", float64(len(calls)), 5)
	check("storm: time in attempts", sum, numbers["retry-storm.scenario"]["attempts"])
	check("storm: root", longest(storm), numbers["retry-storm.scenario"]["root"])
	for i := 1; i < len(calls); i++ {
		check("storm: gap", float64(calls[i].StartTimestamp()-calls[i-1].EndTimestamp())/1e6, numbers["retry-storm.scenario"]["max_gap"])
	}

	for _, name := range []string{"n-plus-one.scenario", "n-plus-one.literals"} {
		likes := named(spans(name), "users-api", "SELECT likes")
		check(name+": queries", float64(len(likes)), 50)
		check(name+": each", likes[0].ms()*50, numbers[name]["union"])
		check(name+": root", longest(spans(name)), numbers[name]["root"])
	}
	check("joined: root", longest(spans("n-plus-one.joined")), numbers["n-plus-one.joined"]["root"])
	wrapped := spans("n-plus-one.wrapped")
	check("wrapped: root", longest(wrapped), 3200)
	check("wrapped: getUserPosts", named(wrapped, "dashboard-api", "getUserPosts")[0].ms(), 2800)
	check("wrapped: enrichPosts", named(wrapped, "dashboard-api", "enrichPosts")[0].ms(), 2700)
	check("wrapped: getComments", float64(len(named(wrapped, "dashboard-api", "getComments"))), 50)

	check("mail", longest(named(spans("slow-external.scenario"), "order-service", "POST")[1:]), 7850)
	wait := spans("timeout-wait.scenario")
	check("wait: gateway", named(wait, "api-gateway", "GET")[0].ms(), 4490)
	check("wait: auth", named(wait, "auth-service", "POST")[0].ms(), 4485)
	check("wait: call", named(wait, "auth-service", "GET")[0].ms(), 4480)
	check("wait: user", named(wait, "user-service", "GET")[0].ms(), 4500)

	twice := spans("duplicate-write.scenario")
	orders := named(twice, "mobile-bff", "POST")
	check("order: gateway", orders[0].ms(), 45)
	check("order: first", orders[1].ms(), 2500)
	check("order: second", orders[2].ms(), 150)
	inserts := named(twice, "order-service", "INSERT")
	check("order: inserts", float64(len(inserts)), 2)
	check("order: first write", float64(inserts[0].EndTimestamp()-orders[0].StartTimestamp())/1e6, numbers["duplicate-write.scenario"]["first_write_ends"])

	elb := map[string]int{}
	for _, s := range spans("baseline-difference.elbv2") {
		if s.Name() == "AWS.ELBv2" {
			elb[s.TraceID().String()]++
		}
	}
	if len(elb) != 2 {
		t.Errorf("elbv2: %d traces call it, want 2", len(elb))
	}
	for _, e := range expect.Cases {
		if e.Case == "baseline-difference.elbv2" {
			check("elbv2: good", float64(elb[e.Good[0]]), 2)
			check("elbv2: bad", float64(elb[e.Bad[0]]), 1)
		}
	}
}

// TestCasesStaySmall guards the repository.
func TestCasesStaySmall(t *testing.T) {
	files, err := CaseFiles()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, data := range files {
		total += len(data)
	}
	if total > 3_000_000 {
		t.Errorf("the cases are %d bytes, want at most 3000000", total)
	}
}
