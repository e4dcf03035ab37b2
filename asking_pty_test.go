//go:build linux

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tracefall/app/apptest"
)

// TestQuitWhileACommandRuns leaves the explorer while it waits for a token: the command ends with it.
func TestQuitWhileACommandRuns(t *testing.T) {
	t.Parallel()
	seconds := "7741." + strconv.Itoa(os.Getpid())
	f := fault{config: "token_command = [\"sleep\", \"" + seconds + "\"]\n", answer: says(200, "")}
	_, env, args := f.configured(t)
	running := func() bool {
		files, err := filepath.Glob("/proc/[0-9]*/cmdline")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil && bytes.Equal(data, []byte("sleep\x00"+seconds+"\x00")) {
				return true
			}
		}
		return false
	}
	s := startWith(t, 80, 24, env, args...)
	await(t, "the start of the command", running)
	s.Send("q")
	if status := s.End(); status != 0 {
		t.Errorf("status %d", status)
	}
	await(t, "the end of the command", func() bool { return !running() })
}

// TestAskingAgainFails asks a server that answers once: what was there stays, with its window, and the list says that the
// latest question failed. The command that opens the view again and an export hold no token.
func TestAskingAgainFails(t *testing.T) {
	t.Parallel()
	good, err := newStandIn("testdata/demo/retry-storm.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	f := fault{config: byEnv, answer: good.times(1, says(500, "boom"), false)}
	_, env, args := f.configured(t)
	s := startWith(t, 160, 24, env, args...)
	s.Wait("36 traces")
	s.Wait("retry storm")
	s.Press("Y")
	keeps(t, "the copied command", s.Copied())
	s.Send("R")
	s.Wait("✗ prod: 500 boom")
	s.Wait("✗ 1 input not read")
	s.Wait("2026-03-02 00:00–2026-03-03 00:00") // what is shown was answered for it
	s.Send("D")
	s.Wait("Import report")
	s.Wait("✗ prod: 500 boom")
	s.Send("qqq")
	if status := s.End(); status != 0 {
		t.Errorf("status %d", status)
	}
	keeps(t, "the explorer", s.Raw())

	export := exec.Command("tracefall", "export", "prod:", "--to", "otlp", "--from", args[2], "--until", args[4])
	export.Env = append(apptest.Environ(t.TempDir()), env...)
	out, err := export.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "f8e7fb9171354c534b099d4c28daf819") {
		t.Errorf("export: %v\n%.200s", err, out)
	}
	keeps(t, "an export", string(out))
}
