package diagnose

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// TestDetectors runs the scripts of testdata. A script is named after its detector and holds cases in the notation
// of tracetest, each a file of the archive. A span that a finding must be anchored at says so:
//
//	api "GET /profile" 0ms +850ms // want n-plus-one medium "50 × SELECT likes .*: 250 ms"
//
// with the detector, the severity, and a regular expression that the message must match; one with a \| in it is about
// "TITLE | MESSAGE". Several wants are separated by "; ". A finding of the script's detector that no line wants fails the case, and so does any other
// detector's at medium or above; "want NAME any" accepts what another detector may give there, of any severity.
// Only error-origin may report without being asked: every case with a failure has one.
func TestDetectors(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range scripts {
		detector := strings.TrimSuffix(filepath.Base(path), ".txt")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range txtar.Parse(data).Files {
			t.Run(detector+"/"+c.Name, func(t *testing.T) { runCase(t, detector, string(c.Data)) })
		}
	}
}

func TestEveryDetectorHasAScript(t *testing.T) {
	for _, d := range Detectors() {
		if _, err := os.Stat(filepath.Join("testdata", d.Name+".txt")); err != nil {
			t.Errorf("detector %s: %v", d.Name, err)
		}
	}
}

// want is one expectation of a line.
type want struct {
	line     tracetest.Line
	detector string
	severity string
	message  *regexp.Regexp
	met      bool
}

var wantPattern = regexp.MustCompile(`^want ([a-z0-9-]+)(?: (info|low|medium|high|critical|any))?(?: "(.*)")?$`)

func wants(t *testing.T, lines []tracetest.Line) []*want {
	t.Helper()
	var list []*want
	for _, l := range lines {
		if !strings.HasPrefix(l.Comment, "want ") {
			continue
		}
		for part := range strings.SplitSeq(strings.TrimPrefix(l.Comment, "want "), "; want ") {
			part = "want " + part
			m := wantPattern.FindStringSubmatch(part)
			if m == nil {
				t.Fatalf("line %d: cannot read %q", l.Number, part)
			}
			list = append(list, &want{line: l, detector: m[1], severity: m[2], message: regexp.MustCompile(m[3])})
		}
	}
	return list
}

func runCase(t *testing.T, detector, text string) {
	set, lines, err := tracetest.ParseLines(text)
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(context.Background(), set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range report.Notices {
		t.Error(n.Message)
	}
	expected := wants(t, lines)
	for i := range report.Findings {
		f := &report.Findings[i]
		if !meet(expected, f) && (f.Detector == detector || f.Severity >= rule.Medium && f.Detector != "error-origin") {
			t.Errorf("unexpected: %s", describe(f))
		}
	}
	for _, w := range expected {
		if !w.met && (w.severity != "any" || w.detector == detector) {
			t.Errorf("line %d: no finding %s %s matching %q; there are:\n%s", w.line.Number, w.detector, w.severity, w.message, describeAll(report))
		}
	}
}

func meet(expected []*want, f *rule.Finding) bool {
	for _, w := range expected {
		at := f.Trace.Span(f.Anchor)
		if w.met || w.detector != f.Detector || w.line.Trace != f.Trace.ID() || w.line.Span != at.ID() {
			continue
		}
		text := f.Message
		if strings.Contains(w.message.String(), `\|`) {
			text = f.Title + " | " + f.Message
		}
		if w.severity != "" && w.severity != "any" && w.severity != f.Severity.String() || !w.message.MatchString(text) {
			continue
		}
		w.met = true
		return true
	}
	return false
}

func describe(f *rule.Finding) string {
	at := trace.SpanID{}
	if f.Trace != nil {
		at = f.Trace.Span(f.Anchor).ID()
	}
	return fmt.Sprintf("%s %s %.2f at %s: %s | %s %v", f.Detector, f.Severity, f.Confidence, at, f.Title, f.Message, f.Numbers)
}

func describeAll(r *Report) string {
	var b strings.Builder
	for i := range r.Findings {
		fmt.Fprintln(&b, "   ", describe(&r.Findings[i]))
	}
	return b.String()
}
