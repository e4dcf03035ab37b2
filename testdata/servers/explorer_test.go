//go:build unix

package main

import (
	"os/exec"
	"testing"

	"tracefall/app/apptest"
)

// explore runs the program with arguments in a terminal.
func explore(t *testing.T, args ...string) *apptest.Played {
	t.Helper()
	cmd := exec.Command(tracefall, args...)
	cmd.Env = apptest.Environ(t.TempDir())
	return apptest.Play(t, 120, 40, cmd)
}

// TestExplorer asks a Jaeger for what is slow and failed, and opens the worst of it.
func TestExplorer(t *testing.T) {
	jaeger.built(t)
	all := incidents(t)
	j := startJaeger(t, "memory", "")
	j.send(t, all[len(all)-1])
	s := explore(t, "--jaeger", j.url, "--since", window, "error=true duration>1s")
	s.Wait("server: duration>1s · here: error=true")
	s.Wait("8 findings 10") // of the 23 traces that match
	s.Wait("▲ timeout after 30 s")
	s.Send("\r")
	s.Wait("1 waterfall")
	s.Wait("▲ timeout after 30 s · inventory-service POST /stock/reserve")
	s.Send("q")
	s.Wait("1 traces")
	s.Send("\x03")
	if status := s.End(); status != 0 {
		t.Errorf("status %d", status)
	}
}
