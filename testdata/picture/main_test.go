//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTake draws what a shell shows: the texts and colours of what it wrote, and what a key made it write.
func TestTake(t *testing.T) {
	s := shot{w: 20, h: 3, theme: "light", keys: "a_b enter", out: filepath.Join(t.TempDir(), "out.svg")}
	s.command = []string{"sh", "-c", `printf '\033[38;2;1;2;3m<red>\033[m ━━\033[48;5;21m \033[m\r\n'; read line; printf 'got %s' "$line"; sleep 20`}
	if err := s.take(); err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile(s.out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`fill="#010203" textLength="42.0">&lt;red&gt;</text>`,             // five cells in their colour
		`width="16.8" height="3.6" fill="#1b1f24"`,                        // a heavy line of two cells, as the paper is light
		`<rect x="77.2" y="10.0" width="8.4" height="18.0" fill="#0000ff`, // a blank on colour 21
		`>got</text>`,
	} {
		if !strings.Contains(string(drawn), want) {
			t.Errorf("%s is not in the picture:\n%s", want, drawn)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, size := range []string{"", "120", "0x3", "4x-1", "99999x2", "axb"} {
		if err := new(shot).sized(size); err == nil {
			t.Errorf("size %q is taken", size)
		}
	}
}
