package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/app/session"
	"tracefall/sources/tracetest"
)

// example is a command that a page of docs shows, and what the page says it prints.
type example struct {
	args    []string // without the name of the program
	printed string
	cut     bool // the page shows the beginning of the output and a line with …
}

// examples returns the examples of a page: in a block of code a line that begins with "$ tracefall", and what follows it to
// the end of the block or to an empty line and the next such line.
func examples(page string) []example {
	command := regexp.MustCompile(`(?m)^\$ tracefall (.*)\n`)
	argument := regexp.MustCompile(`'[^']*'|[^' ]+`)
	var all []example
	for n, block := range strings.Split(page, "```\n") {
		if n%2 == 0 {
			continue
		}
		lines := command.FindAllStringSubmatchIndex(block, -1)
		for k, at := range lines {
			e := example{printed: block[at[1]:]}
			if k+1 < len(lines) {
				e.printed = strings.TrimSuffix(block[at[1]:lines[k+1][0]], "\n")
			}
			for _, a := range argument.FindAllString(block[at[2]:at[3]], -1) {
				e.args = append(e.args, strings.Trim(a, "'"))
			}
			e.printed, e.cut = strings.CutSuffix(e.printed, "…\n")
			all = append(all, e)
		}
	}
	return all
}

// print runs the example in the working directory and returns what it prints, and what it complains about.
func (e example) print(t *testing.T) (out, complaints string) {
	t.Helper()
	args := e.args
	if at := slices.Index(args, "*.gz"); at >= 0 {
		files, err := filepath.Glob("*.gz")
		if err != nil || len(files) == 0 {
			t.Fatalf("no traces of the demo: %v", err)
		}
		args = slices.Replace(slices.Clone(args), at, at+1, files...)
	}
	var stdout, stderr bytes.Buffer
	Run(context.Background(), session.World{
		Args: args, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Env: func(string) string { return "" },
	})
	return stdout.String(), stderr.String()
}

// check compares what the example prints with the page, which is a file. With -update it writes it there instead; what is cut
// is left alone.
func (e example) check(t *testing.T, page string) {
	t.Helper()
	out, complaints := e.print(t)
	if *update && !e.cut {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.Replace(text, []byte("\n"+e.printed), []byte("\n"+out), 1)
		if err := os.WriteFile(page, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if e.cut && len(e.printed) > 0 && strings.HasPrefix(out, e.printed) {
		return
	}
	if diff := cmp.Diff(e.printed, out); diff != "" {
		t.Errorf("tracefall %s (-page +printed):\n%s%s", strings.Join(e.args, " "), diff, complaints)
	}
}

// pages returns the paths of the pages of docs.
func pages(t *testing.T) []string {
	t.Helper()
	docs, err := filepath.Abs(filepath.Join("..", "..", "docs"))
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(docs, "*.md"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no pages in %s: %v", docs, err)
	}
	return paths
}

// examplesOf returns the examples of the page at a path.
func examplesOf(t *testing.T, page string) []example {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return examples(string(text))
}

// TestQueriesPage runs the queries of docs/queries.md where it says, and compares what they print.
func TestQueriesPage(t *testing.T) {
	page := pages(t)[slices.IndexFunc(pages(t), isQueries)]
	shown := examplesOf(t, page)
	if len(shown) < 4 {
		t.Fatalf("docs/queries.md shows %d queries, want at least 4", len(shown))
	}
	t.Chdir(filepath.Join("..", "..", "testdata", "demo"))
	for _, e := range shown {
		e.check(t, page)
	}
}

func isQueries(page string) bool { return filepath.Base(page) == "queries.md" }

// TestCommandsOfThePages runs every other command that a page of docs shows with what it prints: over the demo, or over the
// traces beside the module where they have the file.
func TestCommandsOfThePages(t *testing.T) {
	demo, err := filepath.Abs(filepath.Join("..", "..", "testdata", "demo"))
	if err != nil {
		t.Fatal(err)
	}
	run := map[string]int{} // how often each command is shown
	for _, page := range slices.DeleteFunc(pages(t), isQueries) {
		for _, e := range examplesOf(t, page) {
			run[e.args[0]]++
			t.Run(filepath.Base(page)+"/"+strings.Join(e.args, " "), func(t *testing.T) {
				dir := demo
				if _, err := os.Stat(filepath.Join(demo, e.args[len(e.args)-1])); err != nil {
					dir = tracetest.Corpus(t)
				}
				t.Chdir(dir)
				e.check(t, page)
			})
		}
	}
	for command, least := range map[string]int{"diagnose": 2, "diff": 2} {
		if run[command] < least {
			t.Errorf("docs shows %d examples of %s, want at least %d", run[command], command, least)
		}
	}
}
