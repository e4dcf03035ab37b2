//go:build unix

package main

import (
	"strings"
	"testing"
)

// TestDiffOpensTheScreen compares on the screen where there is a terminal: a pair and two sets. The exit status is
// that of the comparison.
func TestDiffOpensTheScreen(t *testing.T) {
	s := start(t, 120, 40, "diff", "testdata/demo/baseline-difference-good.jsonl.gz", "testdata/demo/baseline-difference-bad.jsonl.gz")
	s.wait("AWS.ELBv2/RegisterTargets: missing, no error recorded")
	s.wait("BASELINE")
	s.send("qqq")
	if code := s.end(); code != 1 {
		t.Errorf("exit status %d after two traces that differ, want 1", code)
	}
	good, bad := "testdata/demo/n-plus-one-fixed.jsonl.gz", "testdata/demo/n-plus-one.jsonl.gz"
	s = start(t, 120, 40, "diff", good, bad)
	s.wait("Contributors to the mean difference")
	s.send("Y")
	s.wait("sent to the terminal")
	if block := s.sent(); !strings.Contains(block, "| traces | 4 | 30 |") || !strings.Contains(block, "tracefall diff "+good+" "+bad+"\n") {
		t.Errorf("the block for the channel lacks the summary or the command:\n%s", block)
	}
	s.send("qq")
	if code := s.end(); code != 1 {
		t.Errorf("exit status %d after two sets that differ, want 1", code)
	}
}

// TestDiffSaysWhatItPicked compares a trace with the best of several, and says which that is.
func TestDiffSaysWhatItPicked(t *testing.T) {
	file := "testdata/demo/retry-storm.jsonl.gz"
	s := start(t, 120, 40, "diff", file, file+"#f8e7fb91")
	s.wait("baseline is trace")
	s.wait("1 call → 5, 5 failed (503)")
	s.send("\x03")
	s.end()
}

// TestDiffPrintsOnRequest prints to a terminal where a format is given, and where a screen would join the sides.
func TestDiffPrintsOnRequest(t *testing.T) {
	file := "testdata/demo/baseline-difference-bad.jsonl.gz"
	s := start(t, 120, 40, "diff", "--format", "text", "testdata/demo/baseline-difference-good.jsonl.gz", file)
	s.wait("bad trace  ")
	if code := s.end(); code != 1 {
		t.Errorf("exit status %d, want 1", code)
	}
	s = start(t, 120, 40, "diff", file, file)
	s.wait("no difference")
	s.wait("both sides contain parts of the same trace")
	if code := s.end(); code != 0 {
		t.Errorf("exit status %d for a trace and itself, want 0", code)
	}
}
