package app

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"testing"

	"github.com/spf13/cobra/doc"
)

var update = flag.Bool("update", false, "write the manual page instead of comparing with it; read it afterwards")

// TestManual checks that the manual page is what the commands say now. It has no date, so that it changes only with them.
func TestManual(t *testing.T) {
	var b bytes.Buffer
	header := doc.GenManHeader{Title: "TRACEFALL", Section: "1", Source: "tracefall", Manual: "User Commands"}
	root := newRoot(&World{})
	root.InitDefaultCompletionCmd() // as Execute does
	if err := doc.GenMan(root, &header, &b); err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`(?m)^(\.TH "TRACEFALL" "1") "[^"]*"`).ReplaceAll(b.Bytes(), []byte(`$1 ""`))
	if *update {
		if err := os.WriteFile("tracefall.1", got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, manual) && !*update {
		t.Errorf("tracefall.1 is not what the commands say: write it anew with go test -run TestManual -update, and read it; got\n%s", got)
	}
}
