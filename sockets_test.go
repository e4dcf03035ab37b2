//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tracefall/app/apptest"
)

// detached is what is written of a thread that is traced no longer, whatever it did.
var detached = regexp.MustCompile(`(?m)^\d+ +\?+\( <detached \.\.\.>\n`)

// TestNoSockets traces the system calls of every command that names no backend: none opens a socket, though backends are
// configured and the environment names one. That a command which names one does is what the tracing is checked by.
func TestNoSockets(t *testing.T) {
	beside(t)
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err == nil {
		err = exec.Command(strace, "-qq", "-e", "trace=%network", "true").Run()
	}
	if err != nil {
		t.Skipf("NOT RUN: no system calls can be traced here: %v", err)
	}
	const file, id = "testdata/demo/retry-storm.jsonl.gz", "f8e7fb9171354c534b099d4c28daf819"
	for _, test := range []struct {
		name    string
		args    []string
		wait    string // a text of the explorer, "" for a command that prints
		sockets bool
	}{
		{"a backend", []string{"query", "", "--jaeger", "http://127.0.0.1:1"}, "", true},
		{"query", []string{"query", "error=true", file}, "", false},
		{"explain", []string{"query", "--explain", "--backend", "prod", "error=true"}, "", false},
		{"show", []string{"show", file + "#" + id}, "", false},
		{"diagnose", []string{"diagnose", file}, "", false},
		{"diff", []string{"diff", file + "#4fa2e94c01740c4c33541788088c594e", file + "#" + id}, "", false},
		{"map", []string{"map", file}, "", false},
		{"export", []string{"export", file, "--to", "otlp"}, "", false},
		{"help", []string{"--help"}, "", false},
		{"version", []string{"version"}, "", false},
		{"man", []string{"man"}, "", false},
		{"completion", []string{"completion", "bash"}, "", false},
		{"an unknown backend", []string{"show", "prdo:"}, "", false},
		{"explorer", []string{file}, "retry storm ×5", false},
		{"explorer without input", nil, "retry-storm", false},
		{"demo", []string{"demo", "retry-storm"}, "retry storm", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			config, calls := filepath.Join(dir, "config.toml"), filepath.Join(dir, "calls")
			if err := os.WriteFile(config, []byte("[backend.prod]\nurl = \"http://127.0.0.1:1\"\ntoken_env = \"TOKEN\"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			binary, err := exec.LookPath("tracefall")
			if err != nil {
				t.Fatal(err)
			}
			env := []string{"TRACEFALL_BACKEND=prod", "TOKEN=x"}
			args := append([]string{"-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o", calls, binary}, test.args...)
			if test.name != "help" {
				args = append(args, "--config", config)
			}
			if test.wait == "" {
				cmd := exec.Command(strace, args...)
				cmd.Env = append(apptest.Environ(t.TempDir()), env...)
				if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() > 2 {
					t.Fatalf("%v\n%s", err, out)
				}
			} else {
				s := startCommand(t, 80, 24, env, strace, args...)
				s.Wait(test.wait)
				s.Press("D")
				s.Send("qqq")
				if status := s.End(); status != 0 {
					t.Errorf("status %d", status)
				}
			}
			data, err := os.ReadFile(calls)
			if err != nil {
				t.Fatal(err)
			}
			data = detached.ReplaceAll(data, nil)
			if opened := strings.Contains(string(data), "socket("); opened != test.sockets || !opened && len(data) > 0 {
				t.Errorf("sockets: %v, want %v\n%s", opened, test.sockets, data)
			}
		})
	}
}
