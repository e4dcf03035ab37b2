package query_test

import (
	"testing"

	"tracefall/sources/query"
)

// TestHelpIsTrue checks that everything the help shows is a query, answered by somebody.
func TestHelpIsTrue(t *testing.T) {
	set := world(t)
	lines := 0
	for _, section := range query.Help() {
		if section.Title == "" || len(section.Lines) == 0 {
			t.Errorf("empty section %q", section.Title)
		}
		for _, line := range section.Lines {
			compile(t, line.Text, set)
			if line.Meaning == "" || len(line.Text) > 70 || len(line.Meaning) > 80 {
				t.Errorf("%s: %s: no meaning, or too long", line.Text, line.Meaning)
			}
			lines++
		}
	}
	if lines > 40 {
		t.Errorf("%d lines are more than a page", lines)
	}
}
