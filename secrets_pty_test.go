//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// signIn is an export with secrets in values and in the name of an operation; each ends in "hush".
const signIn = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"login"}}]},"scopeSpans":[{"spans":[
{"traceId":"0af7651916cd43dd8448eb211c803101","spanId":"b7ad6b7169203331","name":"POST /in?password=n4me-hush","kind":2,"startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131500000000","attributes":[{"key":"user.password","value":{"stringValue":"first-hush"}}]},
{"traceId":"0af7651916cd43dd8448eb211c803102","spanId":"b7ad6b7169203332","name":"GET /out","kind":2,"startTimeUnixNano":"1772460132000000000","endTimeUnixNano":"1772460132500000000","attributes":[{"key":"user.password","value":{"stringValue":"second-hush"}}]}]}]}]}
`

// TestQueriesCarryNoSecretOut asks for secrets by completion, statistics and the palette, and by hand: nothing of them
// is written to the terminal, unless it was typed, to the clipboard, or to the history file.
func TestQueriesCarryNoSecretOut(t *testing.T) {
	beside(t)
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "login.json")
	if err := os.WriteFile(file, []byte(signIn), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startWith(t, 160, 40, []string{"XDG_STATE_HOME=" + dir}, file)
	s.Wait("2 traces")

	// Completion.
	s.Send("/user.passw")
	s.Wait("user.password") // offered, so that the words are counted
	s.Send("ord=")
	s.Send("\t")
	s.Wait("the value is masked")
	s.Send("\x15")
	s.Gone("user.password=")
	s.Send("\x1b")
	s.Gone("enter run")

	// Statistics by operation.
	s.Send("s")
	s.Wait("by service")
	s.Send("l")
	s.Wait("POST /in?password=****")
	s.Send("j\r")
	s.Wait("the value is masked and cannot be asked for")
	s.Send("\x1b")
	s.Gone("by service")

	// The palette.
	s.Send(":#in")
	s.Wait("POST /in?password=****")
	s.Send("\r")
	s.Wait("POST /in?password=****: the value is masked")
	s.Send("\x1b")
	s.Gone("password=****: the value")
	if strings.Contains(s.Raw(), "hush") {
		t.Error("a secret was written to the terminal")
	}

	// By hand: it is answered, and kept nowhere.
	s.Send("/user.password=first-hush\r")
	s.Wait("1 of 2 traces")
	s.Wait("not kept in the history")
	s.Send("Y")
	if copied := s.Copied(); copied == "" || strings.Contains(copied, "hush") {
		t.Errorf("copied: %q", copied)
	}
	s.Send("/\x15kind=server\r")
	s.Wait("2 of 2 traces")
	history := func() string {
		kept, _ := os.ReadFile(filepath.Join(dir, "tracefall", "history")) // it may not be there yet
		return string(kept)
	}
	await(t, "an entry of the history", func() bool { return strings.HasSuffix(history(), "\n") })
	s.Send("\x03")
	if status := s.End(); status != 0 {
		t.Errorf("status %d", status)
	}
	if kept := history(); kept != "kind=server\n" {
		t.Errorf("the history is %q", kept)
	}
}
