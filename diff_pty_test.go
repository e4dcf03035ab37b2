//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDiffOpensTheScreen compares on the screen where there is a terminal: a pair and two sets. The exit status is
// that of the comparison.
func TestDiffOpensTheScreen(t *testing.T) {
	beside(t)
	t.Parallel()
	s := start(t, 120, 40, "diff", "testdata/demo/baseline-difference-good.jsonl.gz", "testdata/demo/baseline-difference-bad.jsonl.gz")
	s.Wait("AWS.ELBv2/RegisterTargets: missing, no error recorded")
	s.Wait("BASELINE")
	s.Send("qqq")
	if code := s.End(); code != 1 {
		t.Errorf("exit status %d after two traces that differ, want 1", code)
	}
	good, bad := "testdata/demo/n-plus-one-fixed.jsonl.gz", "testdata/demo/n-plus-one.jsonl.gz"
	s = start(t, 120, 40, "diff", good, bad)
	s.Wait("Contributors to the mean difference")
	s.Send("Y")
	s.Wait("sent to the terminal")
	if block := s.Copied(); !strings.Contains(block, "| traces | 4 | 30 |") || !strings.Contains(block, "tracefall diff "+good+" "+bad+"\n") {
		t.Errorf("the block for the channel lacks the summary or the command:\n%s", block)
	}
	s.Send("qq")
	if code := s.End(); code != 1 {
		t.Errorf("exit status %d after two sets that differ, want 1", code)
	}
}

// TestDiffSaysWhatItPicked compares a trace with the best of several, and says which that is.
func TestDiffSaysWhatItPicked(t *testing.T) {
	beside(t)
	t.Parallel()
	file := "testdata/demo/retry-storm.jsonl.gz"
	s := start(t, 120, 40, "diff", file, file+"#f8e7fb91")
	s.Wait("baseline is trace")
	s.Wait("1 call → 5, 5 failed (503)")
	s.Send("\x03")
	s.End()
}

// TestDiffPrintsOnRequest prints to a terminal where a format is given, and where a screen would join the sides.
func TestDiffPrintsOnRequest(t *testing.T) {
	beside(t)
	t.Parallel()
	file := "testdata/demo/baseline-difference-bad.jsonl.gz"
	s := start(t, 120, 40, "diff", "--format", "text", "testdata/demo/baseline-difference-good.jsonl.gz", file)
	s.Wait("bad trace  ")
	if code := s.End(); code != 1 {
		t.Errorf("exit status %d, want 1", code)
	}
	s = start(t, 120, 40, "diff", file, file)
	s.Wait("no difference")
	s.Wait("both sides contain parts of the same trace")
	if code := s.End(); code != 0 {
		t.Errorf("exit status %d for a trace and itself, want 0", code)
	}
	file = "testdata/demo/retry-storm.jsonl.gz"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	twin := filepath.Join(t.TempDir(), "twin.jsonl.gz")
	if err := os.WriteFile(twin, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s = start(t, 200, 200, "diff", twin, file+"#f8e7fb91")
	s.Wait("both sides contain parts of the same trace")
	if n := strings.Count(s.Screen(), "baseline is trace"); n != 1 {
		t.Errorf("what was picked is said %d times:\n%s", n, s.Screen())
	}
	s.End()
}
