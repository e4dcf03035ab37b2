package diagnose

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/repetition"
)

func TestRuleHasTheValuesOfThresholds(t *testing.T) {
	th := DefaultThresholds()
	rule.ThresholdsOf[repetition.NPlusOneThresholds](th).Count = 7
	if got := Rule(th, "n-plus-one"); !strings.Contains(got, "at least 7 calls") || !strings.Contains(got, "50 ms or 5 % of the critical path") {
		t.Errorf("the rule reads %q", got)
	}
	if got := Rule(th, "sensitive-data"); !strings.HasSuffix(got, "if emails is on.") {
		t.Errorf("the rule reads %q", got)
	}
	if got := Rule(th, "chatty"); !strings.Contains(got, "messages of less than 1,024 bytes") {
		t.Errorf("the rule reads %q", got)
	}
	if got := Rule(th, "no-such-detector"); got != "" {
		t.Errorf("a detector that does not exist has the rule %q", got)
	}
	// A name that no threshold has is a mistake in a rule: it would be read as a word.
	for n, d := range Detectors() {
		values := texts(th[n])
		for n, part := range strings.Split(d.Rule, "`") {
			if _, ok := values[part]; n%2 == 1 && !ok {
				t.Errorf("the rule of %s names %s, which is none of its thresholds", d.Name, part)
			}
		}
	}
}

// TestPageListsDetectors: the page about findings has a row for each detector, in order, with the first sentence of what it
// finds.
func TestPageListsDetectors(t *testing.T) {
	page, err := os.ReadFile("../docs/findings.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, d := range Detectors() {
		finds, _, _ := strings.Cut(d.Doc, ". ")
		looksAt := "each trace"
		if d.File != nil {
			looksAt = "all traces"
		}
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", d.Name, strings.TrimSuffix(finds, "."), looksAt)
	}
	if !strings.Contains(string(page), want.String()) {
		t.Errorf("docs/findings.md does not list\n%s", want.String())
	}
}
