package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// phrases are wordings that were replaced by the field's terms and may not come back: regular expressions, whatever the
// case.
var phrases = []string{
	// Sentences that need a second reading.
	`\bsay of\b`, `\btold by\b`, `\bnone again\b`, `\bclean bill\b`, `\busual remed`, `\basked about\b`, `\bpoints to\b`,
	`\bown (work|time|choice|measurement)\b`, `\bcould not be right\b`, `\bcannot be right\b`,
	// Lists, header, chart, notices.
	`how the files were read`, `traces to trust less`, `skipped, repaired, in doubt`, `every trace is whole`,
	`whose parent is missing`, `the root is missing`, `its own descendant`, `without a single span`, `JSON of another kind`,
	`leaves the program`, `not on this screen`, `duration in order of start`, `behind the last whole span`,
	`\bby order\b`, `to query, such as`, `✓ no findings\b`, `the parent of \d+ span`, `more findings? not`,
	// Waterfall.
	`no limit below`, `the heavy line`, `where the error comes from`, `no clock is proven`, `in which nothing was recorded`,
	`\(before its parent\)`, `no child runs`, `repeated siblings`, `with what ran on`, `\d [mµn]?s without a span`,
	`at most [\d.,]+ [mµn]?s avoidable`, `[mµn]?s in all\b`, `clocks adjusted`, `\bmissing here\b`, `without any span or event`,
	// Help and palette.
	`keys and signs`, `one row down`, `undo what is closest`, `a column of the (names|bars)`, `(halve|double) the time window`,
	`the time window becomes`, `proven to be off`, `leaves in doubt`, `\bnext doubt\b`, `the others follow from`,
	`what the trace waited for`, `turn the order of`, `the matches with the rest`, `the good one, or no longer`,
	`made the next most`, `\bnext cause\b`, `that is opened and copied from`, `the good trace becomes`, `or each its own`,
	`choose what to send to the terminal`, `or mask them again`, `in doubt while reading`, `or hide its story`,
	`leave the pane or`, `send markdown and`, `fold / open`, `draw the screen anew`, `whose fg comes back`, `leave the program`, `a moment without duration`, `\bhide others\b`,
	// Findings.
	`a pool was exhausted`, `waited for a timeout`, `no fast failure`, `% of the time in\b`, `\ba step in\b`,
	`off by a time zone`, `context lost on`, `lost context on the way`, `newly failed`, `blind spots:`, `could not see\b`,
	`on the way to\b`, `over-wide`, `where the time went`, `counted by the reader`, `one chance in a thousand`,
	`known to a tenth`, `\bis no backoff`, `are no attempts`, `it is a storm from`,
	`their median is told`, `again \d+ times more`, `\bfailed so\b`, `failed with it`, `acted on a failed attempt`,
	`waited for \w*pool`, `\bgrowing \w+\.\w+`, `clock of \S+ [\d.,]+ [mµn]?s apart`, `\btoken recorded\b`, `\bfails on \S+-\d`, `[✓–] it was the last`,
	`[✓–] several\b`, `\d× slower`, `\bthe call left\b`, `has a parent (in|not)`, `later queries started`,
	`failed between the first`, `it consumed a message`,
	// Comparison.
	`one by one:`, `ended ok`, `between caller and server`, `not reached  +\d`, `calls without a difference`,
	`makes the difference of the means`, `bad traces have more often`, `ways that traces went`, `the way that the above went`,
	`\d calls a trace\b`, `no entry operation is in both`, `only the good set has such`, `[+−-]\d+ points`,
	`\beach [\d.,]+ [mµn]?s (slower|faster)`, `[mµn]?s comes from\b`, `\bmatched \d+ %`, `moved from here`, `stops after its responses`, `bad traces mostly`,
	`no room for two trees`, `enter opens bad`, `\blevel (added|removed)\b`, `\(replaces\)`, `off the path\b`,
	// Query.
	`partial answer`, `\+0 ns\b`, `no shell is there`,
	`free text of several words`, `is a duration such as`, `a term is missing at the end`, `needs the key to be there`,
	`there and none of`,
	// README and command line.
	`a night with it`, `ids and counts of tokens stay`, `that is said and not the median`, `a new way is told against`,
	`say what is wrong in traces`, `asks every detector`, `makes the difference between`, `fit text into`, `of the colours:`,
	`leave the mouse to`, `leaves it to the terminal`, `any text that contains it will do`, `that of a detector, or`,
	`the stack of a crash`, `writes by itself`, `stands above the two trees`,
	`opens the trace at its worst`, `says of it\b`,
}

// TestWords looks for phrases that were replaced in everything that people read: strings of the program, the README and the
// other documents, the manual page, the stories of the demo, the golden frames and what scripts expect to be printed.
func TestWords(t *testing.T) {
	beside(t)
	t.Parallel()
	type ban struct {
		phrase *regexp.Regexp
		holds  string // what is in every text that has the phrase, in lower case
	}
	var banned []ban
	for _, phrase := range phrases {
		banned = append(banned, ban{regexp.MustCompile(`(?i)` + phrase), literal(t, phrase)})
	}
	found := map[string][]string{} // by package, file or screen
	for path, text := range readTexts(t) {
		place := path
		if strings.HasSuffix(path, ".go") {
			place = filepath.ToSlash(filepath.Dir(path))
		} else if frame, ok := strings.CutPrefix(path, frames); ok {
			screen, _, _ := strings.Cut(frame, "-")
			place = frames + screen + "-*"
		}
		text = strings.Join(strings.Fields(text), " ")
		lower := strings.ToLower(text)
		for _, b := range banned {
			if !strings.Contains(lower, b.holds) { // which is much faster to know
				continue
			}
			for _, phrase := range b.phrase.FindAllString(text, -1) {
				if !slices.Contains(found[place], phrase) {
					found[place] = append(found[place], phrase)
				}
			}
		}
	}
	for _, place := range slices.Sorted(maps.Keys(found)) {
		t.Errorf("%s has phrases that were replaced: %q", place, found[place])
	}
}

// literal returns the longest text that a regular expression cannot do without, in lower case.
func literal(t *testing.T, expression string) string {
	t.Helper()
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	parts, longest := []*syntax.Regexp{parsed}, ""
	if parsed.Op == syntax.OpConcat {
		parts = parsed.Sub
	}
	for _, part := range parts {
		if text := strings.ToLower(string(part.Rune)); part.Op == syntax.OpLiteral && len(text) > len(longest) {
			longest = text
		}
	}
	return longest
}

// TestPhrasesAreFound reads a phrase that is broken over lines and over literals.
func TestPhrasesAreFound(t *testing.T) {
	const source = "package p\nconst a = \"the usual \" +\n\t\"remedies\"\nvar b = f(\"a clean\\nbill\")\nvar c = f(\"cause\", \"next cause\", \"Next\")\n"
	text := strings.Join(strings.Fields(literalsOf(t, "p.go", source)), " ")
	for _, phrase := range []string{"usual remedies", "clean bill", "cause next cause Next"} {
		if !strings.Contains(text, phrase) {
			t.Errorf("%q is not in %q", phrase, text)
		}
	}
	for _, phrase := range phrases {
		if _, err := regexp.Compile(`(?i)` + phrase); err != nil {
			t.Error(err)
		}
	}
}

const (
	frames  = "views/testdata/frames/" // golden frames, each named after its screen
	scripts = "testdata/script/"
	stories = "testdata/demo/"
)

// readTexts returns by path what people read: the string literals of Go files, and other files whole.
func readTexts(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		slashed := filepath.ToSlash(path)
		switch name := entry.Name(); {
		case entry.IsDir() && (strings.HasPrefix(slashed, "testdata/") && slashed+"/" != scripts && slashed+"/" != stories || slashed == "docs/decisions" ||
			strings.HasPrefix(name, ".") && path != "."):
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			texts[slashed] = literalsOf(t, path, string(data))
		case strings.HasSuffix(slashed, ".md"), slashed == "app/cli/tracefall.1", slashed == stories+"index.json", strings.HasPrefix(slashed, frames), strings.HasPrefix(slashed, scripts):
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			texts[slashed] = string(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// literalsOf returns the string literals of a Go file, a line each; what is joined by + is one.
func literalsOf(t *testing.T, path, source string) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	sums := 0 // how many sums the literal is in
	var write func(n ast.Node) bool
	write = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BinaryExpr:
			if n.Op == token.ADD {
				sums++
				ast.Inspect(n.X, write)
				ast.Inspect(n.Y, write)
				if sums--; sums == 0 {
					b.WriteString("\n")
				}
				return false
			}
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil {
				b.WriteString(text)
				if sums == 0 {
					b.WriteString("\n")
				}
			}
		case ast.Stmt, ast.Decl, ast.Spec, *ast.KeyValueExpr, *ast.Field:
			b.WriteString("\n")
		case *ast.CallExpr, *ast.CompositeLit:
			b.WriteString("\n")
		}
		return true
	}
	ast.Inspect(file, write)
	return b.String()
}
