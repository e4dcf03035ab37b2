package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the command line: each file of testdata/script is a session in a shell.
func TestScripts(t *testing.T) {
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"jaeger": serveTraces, "tempo": serveTempo},
		Setup: func(env *testscript.Env) error {
			env.Setenv("TRACES", filepath.Join(root, "testdata", "traces"))
			env.Setenv("DEMO", filepath.Join(root, "testdata", "demo"))
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
			env.Setenv("LANG", "C.UTF-8")
			return nil
		},
	})
}

// TestMain puts the program into the path of the tests under its name: it is the test binary itself, running main.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tracefall": main})
}
