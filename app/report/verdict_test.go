package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tracefall/app/apptest"
	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views/style"
)

const twoSpans = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"check*out","kind":2,"startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131100000000"},
{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b8","parentSpanId":"00f067aa0ba902b7","name":"charge","kind":3,"startTimeUnixNano":"1772460131030000000","endTimeUnixNano":"1772460131090000000"}]}]}]}`

// verdictOf is a verdict with every field of a finding in use.
func verdictOf(t *testing.T) *Verdict {
	set := apptest.Read(t, twoSpans)
	one := set.Trace(0)
	report := &diagnose.Report{
		Set: set,
		Findings: []rule.Finding{{
			Detector: "n-plus-one", Title: "N+1 ×50", Message: "50 × SELECT `likes` <ran>\x1b[31m", Severity: rule.High, Confidence: 0.9,
			Trace: one, Anchor: 0, Service: "shop",
			Evidence: []rule.Evidence{{Role: rule.RoleParent, Trace: one, Span: 0}, {Role: rule.RoleOffender, Trace: one, Span: 1}},
			Numbers: rule.Numbers{Count: 50, Union: 7, Sum: 8, Critical: 9, Avoidable: 6, CriticalShare: 1.0 / 3,
				More: []rule.Number{{Name: "layers", Value: 2}}},
			Checks:   []rule.Check{{Name: "distinct parameters", Passed: true}, {Name: "list query seen", Passed: false}},
			Remedies: []string{"one query"}, Limits: []string{"a limit"}, Also: []string{"chatty"}, Fingerprint: "00ff",
		}, {
			Detector: "n-plus-one", Title: "file", Message: "all of it", Severity: rule.Info, Confidence: 1, File: true, Fingerprint: "0011",
		}},
		BlindSpots: []rule.BlindSpot{{Detector: "n-plus-one", Reason: "statements are not recorded"}},
		Notices:    []trace.Notice{{Kind: "detector-failed", Count: 1, Message: "detector x failed"}},
	}
	return &Verdict{Set: set, Report: report, Traces: 1, Findings: []*rule.Finding{&report.Findings[0], &report.Findings[1]}}
}

func TestReportJSON(t *testing.T) {
	got, err := marshal(diagnoseJSON(verdictOf(t)))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"version":1,"traces":1,"findings":[` +
		`{"detector":"n-plus-one","title":"N+1 ×50","message":"50 × SELECT ` + "`likes`" + ` <ran>\u001b[31m","severity":"high","confidence":0.9,"scope":"trace",` +
		`"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","service":"shop","anchor_span":"00f067aa0ba902b7",` +
		`"evidence":[{"role":"parent","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7"},` +
		`{"role":"offender","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b8"}],` +
		`"numbers":{"count":50,"avoidable_nano":6,"critical_share":0.333333,"union_nano":7,"sum_nano":8,"critical_nano":9,"avoidable_share":0.222222,"layers":2},` +
		`"checks":[{"name":"distinct parameters","passed":true},{"name":"list query seen","passed":false}],` +
		`"remedies":["one query"],"limits":["a limit"],"fingerprint":"00ff"},` +
		`{"detector":"n-plus-one","title":"file","message":"all of it","severity":"info","confidence":1,"scope":"file","trace_id":"","service":"","anchor_span":"",` +
		`"evidence":[],"numbers":{"count":0,"avoidable_nano":0,"critical_share":0,"union_nano":0,"sum_nano":0,"critical_nano":0,"avoidable_share":0},` +
		`"checks":[],"remedies":[],"limits":[],"fingerprint":"0011"}],` +
		`"blind_spots":[{"detector":"n-plus-one","reason":"statements are not recorded"}],` +
		`"notices":[{"kind":"detector-failed","input":"","count":1,"message":"detector x failed"}],` +
		`"counts":{"critical":0,"high":1,"medium":0,"low":0,"info":1,"traces":1}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestReportSARIF checks what the schema of SARIF 2.1.0 demands and a reader relies on.
func TestReportSARIF(t *testing.T) {
	v := verdictOf(t)
	v.Findings = append(v.Findings, &rule.Finding{Detector: "blind-spots", Title: "limited visibility"})
	data, err := marshal(diagnoseSARIF(v, diagnose.DefaultThresholds()))
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct {
						ID                     string
						ShortDescription, Help struct{ Text string }
					}
				}
			}
			Invocations []struct {
				ExecutionSuccessful        bool
				ToolExecutionNotifications []struct{ Level string }
			}
			Results []struct {
				RuleID, Level       string
				RuleIndex           int
				Message             struct{ Text string }
				PartialFingerprints map[string]string
				Rank                float64
				Locations           []struct {
					LogicalLocations []struct{ Name, FullyQualifiedName string }
				}
			}
		}
	}
	if err := json.Unmarshal(data, &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-schema-2.1.0.json") || len(log.Runs) != 1 || run.Tool.Driver.Name != "tracefall" {
		t.Errorf("head: %s", data)
	}
	seen := map[string]bool{}
	for _, rule := range run.Tool.Driver.Rules {
		if rule.ID == "" || seen[rule.ID] || rule.ShortDescription.Text == "" || rule.Help.Text == "" || strings.Contains(rule.Help.Text, "`") {
			t.Errorf("rule %+v", rule)
		}
		seen[rule.ID] = true
	}
	if n := len(run.Invocations[0].ToolExecutionNotifications); n != 2 {
		t.Errorf("%d notifications, want the blind spot and the notice", n)
	}
	if len(run.Results) != 2 {
		t.Fatalf("%d results, want 2, and none that says what could not be seen", len(run.Results))
	}
	for n, want := range []struct{ level, fingerprint, location string }{{"error", "00ff", "shop/check*out"}, {"note", "0011", ""}} {
		r := run.Results[n]
		at := ""
		for _, l := range r.Locations {
			at += l.LogicalLocations[0].FullyQualifiedName
		}
		if r.Level != want.level || r.PartialFingerprints[sarifFingerprint] != want.fingerprint || at != want.location ||
			run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" || r.Rank < 0 || r.Rank > 100 {
			t.Errorf("result %d: %+v, want %+v", n, r, want)
		}
	}
}

// testOptions are options that print into text.
func testOptions(t *testing.T, out *strings.Builder) *session.Settings {
	theme, err := style.New("none", false)
	if err != nil {
		t.Fatal(err)
	}
	return &session.Settings{Theme: &theme, World: &session.World{Stdout: out, Stderr: out, Env: func(string) string { return "" }}}
}

func TestReportText(t *testing.T) {
	for _, c := range []struct {
		verbose bool
		want    string
	}{{false, `1 trace · 2 spans · 0 errors · 14:02:11–14:02:11 UTC
1 finding (1 critical/high) in 1 trace:
▲ 1 high · ○ 1 info

▲ 1  N+1 ×50                      high · confidence 0.90
     50 × SELECT ` + "`likes`" + ` <ran>␛[31m
     span            shop check*out · 14:02:11.000
     trace           4bf92f3577b34da6a3ce929d0e0e4736 ·
                     span 00f067aa0ba902b7
     checks          ✓ distinct parameters
                     – list query seen
     common fixes    one query
     caveats         a limit
     also found by   chatty

1 info finding not shown: --verbose shows all, with
checks
Open the first: tracefall a.json --trace \
4bf92f3577b34da6a3ce929d0e0e4736 --span \
00f067aa0ba902b7

Detectors with limited data (1)
  n-plus-one  statements are not recorded
△ detector x failed
`}, {true, `
○ 2  file                         info · confidence 1.00
     all of it

Open the first: `}} {
		var out strings.Builder
		o := testOptions(t, &out)
		p := NewPrinter(o, Text, 56, session.Masking{})
		v := verdictOf(t)
		v.Opens.Inputs = []string{"a.json"}
		verdictText(p, v, c.verbose)
		if got := out.String(); p.err != nil || !strings.Contains(got, c.want) || !c.verbose && got != c.want {
			t.Errorf("verbose %v: %v\n%s\nwant\n%s", c.verbose, p.err, got, c.want)
		}
	}
}

func TestReportMarkdown(t *testing.T) {
	var out strings.Builder
	o := testOptions(t, &out)
	v := verdictOf(t)
	v.Opens.Inputs = []string{"-"}
	verdictMarkdown(NewPrinter(o, Markdown, 40, session.Masking{}), v, false)
	const want = `**1 finding (1 critical/high) in 1 trace: 1 high · 1 info** · 1 trace · 2 spans · 0 errors · 14:02:11–14:02:11 UTC

**1. ▲ N+1 ×50** · high · confidence 0.90

50 × SELECT ` + "\\`likes\\`" + ` &lt;ran>␛\[31m

- span: shop check\*out · 14:02:11.000
- trace: ` + "`4bf92f3577b34da6a3ce929d0e0e4736` · span `00f067aa0ba902b7`" + `
- checks: ✓ distinct parameters   – list query seen
- common fixes: one query
- caveats: a limit
- also found by: chatty

1 info finding not shown.

**Detectors with limited data (1)**

- ` + "`n-plus-one`" + ` statements are not recorded

**Notes**

- detector x failed
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestMostShown checks that a long report is cut, and says by how much.
func TestMostShown(t *testing.T) {
	v := verdictOf(t)
	for n := range mostShown + 3 {
		f := *v.Findings[0]
		f.Fingerprint = fmt.Sprint(n)
		v.Findings = append(v.Findings, &f)
	}
	for _, c := range []struct {
		verbose bool
		shown   int
		more    string
	}{{false, mostShown, "4 findings and 1 info finding not shown: --verbose shows all"}, {true, mostShown + 5, ""}} {
		var out strings.Builder
		o := testOptions(t, &out)
		verdictText(NewPrinter(o, Text, 80, session.Masking{}), v, c.verbose)
		text := out.String()
		if n := strings.Count(text, "confidence"); n != c.shown || !strings.Contains(text, c.more) || c.verbose && strings.Contains(text, "not shown") {
			t.Errorf("verbose %v: %d findings, want %d and %q:\n%s", c.verbose, n, c.shown, c.more, text)
		}
	}
}

// TestIDOf checks that a root that was made up has no id.
func TestIDOf(t *testing.T) {
	one := apptest.Read(t, strings.ReplaceAll(twoSpans, `"parentSpanId":"00f067aa0ba902b7",`, "")).Trace(0)
	if !one.Span(0).Synthetic() {
		t.Fatal("two roots, and none above them")
	}
	if got := idOf(one, 0); got != "" {
		t.Errorf("the id of the root that was made up is %q", got)
	}
	if got := idOf(one, 1); got != "00f067aa0ba902b7" {
		t.Errorf("the id of the first span is %q", got)
	}
	if got := idOf(one, -1); got != "" {
		t.Errorf("the id of no span is %q", got)
	}
}
