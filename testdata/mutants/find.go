package main

import (
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// source is a file of the module's code.
type source struct{ path, text string }

// read returns the module's code: no tests, nothing beneath testdata.
func read(root string) ([]source, error) {
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all = append(all, source{path, string(text)})
		return nil
	})
	return all, err
}

// in finds the one place of the mutant's text and returns its file, and the text of that with the change made. What is
// around the change stays as it is spelled there.
func (m mutant) in(files []source) (path, changed string, err error) {
	before, after := tokens(m.old), tokens(m.new)
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	middle := before[head : len(before)-tail]
	if slices.Equal(before, after) {
		return "", "", fmt.Errorf("%s changes nothing", m.name)
	}
	expression := regexp.MustCompile("(" + pattern(before[:head]) + ")" + pattern(middle) + "(" + pattern(before[len(before)-tail:]) + ")")
	word := rarest(before)
	var found []string
	for _, f := range files {
		if !strings.Contains(f.text, word) {
			continue // the expression would take its time to find that out
		}
		for _, at := range expression.FindAllStringSubmatchIndex(f.text, -1) {
			found = append(found, f.path)
			path = f.path
			changed = f.text[:at[3]] + strings.Join(after[head:len(after)-tail], "") + f.text[at[4]:]
		}
	}
	if len(found) != 1 {
		return "", "", fmt.Errorf("%s: its text %q stands in %v, want one place", m.name, m.old, found)
	}
	return path, changed, nil
}

var tokenShape = regexp.MustCompile(`[\pL_][\pL\pN_]*|[\pN][\pN\pL._]*|\s+|.`)

func tokens(text string) []string { return tokenShape.FindAllString(text, -1) }

// rarest returns the longest of the tokens without its first letter, whose case may have changed.
func rarest(tokens []string) string {
	longest := slices.MaxFunc(tokens, func(a, b string) int { return len(strings.TrimSpace(a)) - len(strings.TrimSpace(b)) })
	return longest[1:]
}

// pattern matches tokens as they may be spelled after a move: other blanks, names that were exported, and a package in
// front of them.
func pattern(tokens []string) string {
	var b strings.Builder
	for i, t := range tokens {
		first := t[:1]
		switch {
		case strings.TrimSpace(t) == "":
			b.WriteString(`\s+`)
		case !token.IsIdentifier(t):
			if i == 0 && strings.Contains("0123456789", first) {
				b.WriteString(`\b`)
			}
			b.WriteString(regexp.QuoteMeta(t))
			if strings.Contains("0123456789", t[len(t)-1:]) {
				b.WriteString(`\b`)
			}
		default:
			if i == 0 {
				b.WriteString(`\b`)
			}
			b.WriteString(`(?:[a-z]\w*\.)?[` + strings.ToLower(first) + strings.ToUpper(first) + `]` + regexp.QuoteMeta(t[1:]) + `\b`)
		}
	}
	return b.String()
}
