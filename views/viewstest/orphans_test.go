package viewstest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracefall/views/style"
)

var sizeOfFrame = regexp.MustCompile(`^(.+)-(\d+x\d+)\.txt$`)

// TestEveryGoldenFrameIsRead looks for frames that no test compares with any more: somewhere in one package's tests the
// name is spelled, whole or as two texts such as "waterfall-" and "zoomed", and so is its size where it is none of all.
func TestEveryGoldenFrameIsRead(t *testing.T) {
	var packages []spelled
	dirs, err := filepath.Glob(filepath.Join("..", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		packages = append(packages, spelledIn(t, dir))
	}
	for _, file := range golden(t, "frames") {
		m := sizeOfFrame.FindStringSubmatch(file)
		if m == nil || !slices.ContainsFunc(packages, func(s spelled) bool { return s.name(m[1]) && s.size(m[2]) }) {
			t.Errorf("no test reads testdata/frames/%s", file)
		}
	}
}

// TestEveryGoldenStyleIsRead does so for styles: there is one for each theme of each of styledFrames, and nothing else; and
// each of styledFrames is drawn by a test.
func TestEveryGoldenStyleIsRead(t *testing.T) {
	want := []string{"themes.txt"}
	frames := golden(t, "frames")
	for _, name := range styledFrames {
		for _, theme := range append([]string{style.Auto}, style.Names()...) {
			want = append(want, name+"-"+theme+".txt")
		}
		if !slices.ContainsFunc(frames, func(file string) bool { m := sizeOfFrame.FindStringSubmatch(file); return m != nil && m[1] == name }) {
			t.Errorf("no test draws %s, whose styles are to be kept", name)
		}
	}
	slices.Sort(want)
	have := golden(t, "styles")
	for _, file := range slices.Concat(want, have) {
		switch {
		case !slices.Contains(want, file):
			t.Errorf("no test reads testdata/styles/%s", file)
		case !slices.Contains(have, file):
			t.Errorf("testdata/styles/%s is missing", file)
		}
	}
}

// golden lists the golden files of a kind.
func golden(t *testing.T, kind string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("..", "testdata", kind))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// spelled is what the tests of a package say: its texts, and pairs of numbers that follow each other in a call, as 80x24.
type spelled struct{ texts, sizes map[string]bool }

func spelledIn(t *testing.T, dir string) spelled {
	t.Helper()
	s := spelled{map[string]bool{}, map[string]bool{}}
	for _, size := range frameSizes {
		s.sizes[fmt.Sprintf("%dx%d", size.w, size.h)] = true
	}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil {
					s.texts[text] = true
				}
			case *ast.CallExpr:
				for i := 1; i < len(n.Args); i++ {
					w, isW := n.Args[i-1].(*ast.BasicLit)
					h, isH := n.Args[i].(*ast.BasicLit)
					if isW && isH {
						s.sizes[w.Value+"x"+h.Value] = true
					}
				}
			}
			return true
		})
	}
	return s
}

func (s spelled) name(name string) bool {
	for at := range name {
		if name[at] == '-' && s.texts[name[:at+1]] && (s.texts[name[at+1:]] || s.sized(name[at+1:])) {
			return true
		}
	}
	return s.texts[name] || s.sized(name)
}

// sized reports whether a name is spelled together with a size.
func (s spelled) sized(name string) bool {
	for text := range s.texts {
		if strings.HasPrefix(text, name+"-") && sizeOfFrame.MatchString(text+".txt") {
			return true
		}
	}
	return false
}

func (s spelled) size(size string) bool {
	for text := range s.texts {
		if strings.HasSuffix(text, "-"+size) {
			return true
		}
	}
	return s.sizes[size]
}
