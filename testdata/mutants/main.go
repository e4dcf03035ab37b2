// Mutants breaks the program on purpose, one small change at a time, and runs the tests of the packages that should
// notice. Nothing in the tree is touched: each change is an overlay of the build.
//
//	go run ./testdata/mutants                 all of them
//	go run ./testdata/mutants -only colour    those whose name contains a text
//
// It lists what was noticed and what survived, and fails where fewer than nine of ten were noticed, or one survived that
// has no reason to.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// mutant is one change: a text that stands in a file once, and what takes its place.
type mutant struct {
	name     string
	file     string // from the root of the module
	old, new string
	tests    string // the packages whose tests are run, separated by blanks
	survives string // why no test can notice it, "" where one must
}

// least is the share of the mutants that must be noticed, in percent.
const least = 90

func main() {
	only := flag.String("only", "", "run only the mutants whose name contains this `TEXT`")
	flag.Parse()
	if err := run(*only); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(only string) error {
	dir, err := os.MkdirTemp("", "mutants-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	noticed, tried, unexplained := 0, 0, 0
	for _, m := range mutants {
		if !strings.Contains(m.name, only) {
			continue
		}
		found, err := m.noticed(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		tried++
		switch {
		case found:
			noticed++
			fmt.Printf("noticed   %s\n", m.name)
		case m.survives != "":
			fmt.Printf("survived  %s (%s)\n", m.name, m.survives)
		default:
			unexplained++
			fmt.Printf("SURVIVED  %s: %s\n", m.name, m.file)
		}
	}
	if tried == 0 {
		return fmt.Errorf("no mutant's name contains %q", only)
	}
	fmt.Printf("%d of %d noticed\n", noticed, tried)
	if unexplained > 0 || 100*noticed < least*tried {
		return fmt.Errorf("%d survived without a reason, %d %% were noticed, at least %d %% must be", unexplained, 100*noticed/tried, least)
	}
	return nil
}

// noticed applies the change and reports whether a test fails. A change that does not compile is an error: it says
// nothing.
func (m mutant) noticed(dir string) (bool, error) {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return false, err
	}
	if n := strings.Count(string(text), m.old); n != 1 {
		return false, fmt.Errorf("%q stands in %s %d times, expected once", m.old, m.file, n)
	}
	changed := filepath.Join(dir, "changed.go")
	if err := os.WriteFile(changed, []byte(strings.Replace(string(text), m.old, m.new, 1)), 0o600); err != nil {
		return false, err
	}
	whole, err := filepath.Abs(m.file)
	if err != nil {
		return false, err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {whole: changed}})
	if err != nil {
		return false, err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return false, err
	}
	packages := strings.Fields(m.tests)
	if out, err := goCommand(append([]string{"vet", "-overlay", list}, packages...)); err != nil {
		return false, fmt.Errorf("the change does not compile:\n%s", out)
	}
	out, err := goCommand(append([]string{"test", "-failfast", "-overlay", list}, packages...))
	var failed *exec.ExitError
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &failed) && strings.Contains(out, "FAIL"):
		return true, nil
	}
	return false, fmt.Errorf("the tests could not be run: %w\n%s", err, out)
}

func goCommand(args []string) (string, error) {
	out, err := exec.Command("go", args...).CombinedOutput()
	return string(out), err
}
