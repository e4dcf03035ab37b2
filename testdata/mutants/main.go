// Mutants breaks the program on purpose, one small change at a time, and runs the tests of the packages that should
// notice. Nothing in the tree is touched: each change is an overlay of the build.
//
//	go run ./testdata/mutants                 all of them
//	go run ./testdata/mutants -only colour    those whose name contains a text
//	go run ./testdata/mutants -quick          with the short tests of its own package only
//	go run ./testdata/mutants -find           only where each stands
//
// A mutant names a text and not a file, so that it survives a move: it stands in the one file whose code holds the
// text, however that is aligned, exported or qualified there. The tests of that file's package run first, then those
// of the packages that import it, the nearest first, until one fails.
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
	"slices"
	"strings"
)

// mutant is one change: a text that the module's code holds once, and what takes its place.
type mutant struct {
	name     string
	old, new string
	survives string // why no test can notice it, "" where one must
}

// least is the share of the mutants that must be noticed, in percent.
const least = 90

func main() {
	only := flag.String("only", "", "run only the mutants whose name contains this `TEXT`")
	quick := flag.Bool("quick", false, "run only the short tests of the package in which a mutant stands")
	find := flag.Bool("find", false, "say where they stand, and run nothing")
	flag.Parse()
	if err := run(*only, *find, *quick); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(only string, find, quick bool) error {
	files, err := read(".")
	if err != nil {
		return err
	}
	uses, err := importers()
	if err != nil {
		return err
	}
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
		tried++
		path, changed, err := m.in(files)
		if err != nil {
			return err
		}
		if find {
			fmt.Printf("%s: %s\n", m.name, path)
			continue
		}
		runs := order(nearest("./"+filepath.ToSlash(filepath.Dir(path)), uses))
		if quick {
			runs = runs[:1]
		}
		by, err := failing(dir, path, changed, runs)
		switch {
		case err != nil:
			unexplained++
			fmt.Printf("BROKEN    %s: %v\n", m.name, err)
		case by != "":
			noticed++
			fmt.Printf("noticed   %s, by %s\n", m.name, by)
		case m.survives != "":
			fmt.Printf("survived  %s (%s)\n", m.name, m.survives)
		default:
			unexplained++
			fmt.Printf("SURVIVED  %s: %s\n", m.name, path)
		}
	}
	switch {
	case tried == 0:
		return fmt.Errorf("no mutant's name contains %q", only)
	case find:
		return nil
	}
	fmt.Printf("%d of %d noticed\n", noticed, tried)
	if unexplained > 0 || 100*noticed < least*tried {
		return fmt.Errorf("%d survived without a reason, %d %% were noticed, at least %d %% must be", unexplained, 100*noticed/tried, least)
	}
	return nil
}

// failing makes the change of a file and returns the package whose test fails, "" for none. A change that does not
// compile is an error: it says nothing.
func failing(dir, path, changed string, runs [][]string) (by string, err error) {
	file := filepath.Join(dir, "changed.go")
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		return "", err
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {whole: file}})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return "", err
	}
	for _, test := range runs {
		p := test[len(test)-1]
		out, err := exec.Command("go", append([]string{"test", "-vet=off", "-failfast", "-overlay", list}, test...)...).CombinedOutput()
		var failed *exec.ExitError
		switch {
		case err == nil:
		case strings.Contains(string(out), "[build failed]"):
			return "", fmt.Errorf("the change does not compile:\n%s", out)
		case errors.As(err, &failed) && strings.Contains(string(out), "FAIL"):
			return p, nil
		default:
			return "", fmt.Errorf("the tests could not be run: %w\n%s", err, out)
		}
	}
	return "", nil
}

// order lists the arguments of the test runs: the short tests of all packages come before the long ones of any.
func order(packages []string) [][]string {
	var runs [][]string
	for _, p := range packages {
		runs = append(runs, []string{"-short", p})
	}
	for _, p := range packages {
		runs = append(runs, []string{p})
	}
	return runs
}

// importers returns for each package of the module those that import it, in code or in tests, all as ./directory.
func importers() (map[string][]string, error) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}`, "./...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	module, err := exec.Command("go", "list", "-m").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	local := func(path string) (string, bool) {
		rest, ok := strings.CutPrefix(path, strings.TrimSpace(string(module)))
		return "." + rest, ok && (rest == "" || rest[0] == '/')
	}
	uses := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		from, _ := local(words[0])
		for _, word := range words[1:] {
			if to, ok := local(word); ok && to != from && !slices.Contains(uses[to], from) {
				uses[to] = append(uses[to], from)
			}
		}
	}
	return uses, nil
}

// nearest lists a package and those whose tests can notice a change of it, the fewest imports away first. The program
// itself, whose tests play whole sessions, comes last.
func nearest(from string, uses map[string][]string) []string {
	if from == "./." {
		from = "."
	}
	all := []string{from}
	for i := 0; i < len(all); i++ {
		for _, p := range uses[all[i]] {
			if !slices.Contains(all, p) && p != "." && !strings.HasPrefix(p, "./testdata/") {
				all = append(all, p)
			}
		}
	}
	if from != "." {
		all = append(all, ".")
	}
	return all
}
