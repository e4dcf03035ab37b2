//go:build unix

package apptest

import (
	"os/exec"
	"strings"
	"testing"
)

// TestTorn waits for what the first part of a frame shows, and sees the whole.
func TestTorn(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("sh", "-c", `printf '\033[?2026hfirst'; sleep 0.3; printf ' second\033[?2026l'`)
	s := Play(t, 40, 5, cmd)
	s.Wait("first")
	if screen := s.Screen(); !strings.Contains(screen, "first second") {
		t.Errorf("a part of a frame was looked at:\n%s", screen)
	}
	s.End()
}

// TestEachFrame waits for what only the first of two frames shows that come at once.
func TestEachFrame(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("sh", "-c", `printf '\033[?2026h\033[Hfirst\033[?2026l\033[?2026h\033[Hother\033[?2026l'`)
	s := Play(t, 40, 5, cmd)
	s.Wait("first")
	s.Wait("other")
	s.End()
}
