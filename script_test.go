package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the command line: each file of testdata/script is a session in a shell.
func TestScripts(t *testing.T) {
	beside(t)
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

// beside skips a test where the race detector is run, with -short: the program is the test binary, so what it reports is seen,
// but the goroutines of this test share nothing that those of the other tests do not.
func beside(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("with -short: nothing for the race detector that other tests do not have")
	}
}

// TestMain puts the program into the path of the tests under its name: it is the test binary itself, running main. More tests
// than there are processors run at a time, as most of them wait; those that measure do not run beside others.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"tracefall": main})
}
