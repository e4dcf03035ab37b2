package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a room may hold, so that a stranger finds what it is about: files of a package, lines of a file, methods of a type
// and the files that they lie in. Tests are not counted.
const (
	maxFiles       = 30
	maxLines       = 500
	maxMethods     = 40
	maxMethodFiles = 6
)

// TestMeasures checks what no import says: how much lies in a package, a file and a type, and that the calls between the
// files of a package go one way. Files that call each other in a circle are one file with a seam in the wrong place.
func TestMeasures(t *testing.T) {
	beside(t)
	t.Parallel()
	for _, room := range rooms(t) {
		if len(room.files) > maxFiles {
			t.Errorf("%s has %d files, want at most %d: split it", room.name(), len(room.files), maxFiles)
		}
		for _, file := range room.files {
			if file.lines > maxLines {
				t.Errorf("%s has %d lines, want at most %d", file.path, file.lines, maxLines)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(room.methods)) {
			files := room.methods[name]
			count := 0
			for _, n := range files {
				count += n
			}
			if count > maxMethods || len(files) > maxMethodFiles {
				t.Errorf("%s.%s has %d methods in %d files, want at most %d in %d",
					room.name(), name, count, len(files), maxMethods, maxMethodFiles)
			}
		}
		for _, circle := range circles(room.calls) {
			t.Errorf("%s: files that call each other in a circle: %s\n%s",
				room.name(), strings.Join(circle, ", "), room.callsWithin(circle))
		}
	}
}

// A room is one package as the measures see it.
type room struct {
	path    string // the import path
	files   []source
	methods map[string]map[string]int            // type → file → its methods there
	calls   map[string]map[string]map[string]int // file → file called → function → how often
}

// A source is one file that is not a test.
type source struct {
	path  string // relative to the module
	lines int
}

func (r *room) name() string { return strings.TrimPrefix(r.path, "tracefall/") }

// callsWithin lists the calls between the files of a circle, one arrow a line.
func (r *room) callsWithin(circle []string) string {
	var b strings.Builder
	for _, from := range circle {
		for _, to := range slices.Sorted(maps.Keys(r.calls[from])) {
			if slices.Contains(circle, to) {
				fmt.Fprintf(&b, "\t%s → %s: %s\n", from, to, strings.Join(slices.Sorted(maps.Keys(r.calls[from][to])), ", "))
			}
		}
	}
	return b.String()
}

// rooms type-checks every package of the module from its source, with what it imports from the build cache.
func rooms(t *testing.T) []*room {
	t.Helper()
	listed, err := exec.Command("go", "list", "-deps", "-export", "-json=ImportPath,Dir,GoFiles,Export,Module,ImportMap", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	type entry struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
		ImportMap               map[string]string
		Module                  *struct{ Main bool }
	}
	exports := map[string]string{}
	var ours []entry
	for decoder := json.NewDecoder(bytes.NewReader(listed)); ; {
		var e entry
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		exports[e.ImportPath] = e.Export
		if e.Module != nil && e.Module.Main {
			ours = append(ours, e)
		}
	}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var all []*room
	for _, e := range ours {
		r := &room{path: e.ImportPath, methods: map[string]map[string]int{}, calls: map[string]map[string]map[string]int{}}
		var parsed []*ast.File
		for _, name := range e.GoFiles {
			path := filepath.Join(e.Dir, name)
			file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, file)
			relative, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			r.files = append(r.files, source{path: relative, lines: fset.File(file.Pos()).LineCount()})
		}
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
		config := types.Config{Importer: imports}
		if _, err := config.Check(e.ImportPath, fset, parsed, info); err != nil {
			t.Fatal(err)
		}
		for _, file := range parsed {
			r.measure(fset, file, info)
		}
		all = append(all, r)
	}
	return all
}

// measure counts the methods that a file declares and the functions of other files of the package that it uses.
func (r *room) measure(fset *token.FileSet, file *ast.File, info *types.Info) {
	here := filepath.Base(fset.File(file.Pos()).Name())
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Recv == nil {
			continue
		}
		name := receiver(fn.Recv.List[0].Type)
		if r.methods[name] == nil {
			r.methods[name] = map[string]int{}
		}
		r.methods[name][here]++
	}
	ast.Inspect(file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		fn, ok := info.Uses[id].(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg().Path() != r.path || !fn.Pos().IsValid() {
			return true
		}
		there := filepath.Base(fset.Position(fn.Origin().Pos()).Filename)
		if there == here || types.IsInterface(receiverType(fn)) {
			return true
		}
		if r.calls[here] == nil {
			r.calls[here] = map[string]map[string]int{}
		}
		if r.calls[here][there] == nil {
			r.calls[here][there] = map[string]int{}
		}
		r.calls[here][there][fn.Name()]++
		return true
	})
}

// receiver is the name of the type of a method's receiver.
func receiver(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// receiverType is the type that a method belongs to, a plain struct for a function: a call through an interface is no arrow
// to the file that declares the interface.
func receiverType(fn *types.Func) types.Type {
	if recv := fn.Signature().Recv(); recv != nil {
		return recv.Type()
	}
	return types.NewStruct(nil, nil)
}

// circles are the groups of more than one file that reach each other, by Tarjan's algorithm (1972) without recursion.
func circles(calls map[string]map[string]map[string]int) [][]string {
	type frame struct {
		node string
		next []string
	}
	index, low, onStack := map[string]int{}, map[string]int{}, map[string]bool{}
	var stack []string
	var found [][]string
	for _, root := range slices.Sorted(maps.Keys(calls)) {
		if _, seen := index[root]; seen {
			continue
		}
		var walk []frame
		enter := func(node string) {
			index[node], low[node] = len(index), len(index)
			stack, onStack[node] = append(stack, node), true
			walk = append(walk, frame{node, slices.Sorted(maps.Keys(calls[node]))})
		}
		for enter(root); len(walk) > 0; {
			top := &walk[len(walk)-1]
			if len(top.next) > 0 {
				next := top.next[0]
				top.next = top.next[1:]
				if _, seen := index[next]; !seen {
					enter(next)
				} else if onStack[next] {
					low[top.node] = min(low[top.node], index[next])
				}
				continue
			}
			done := top.node
			walk = walk[:len(walk)-1]
			if len(walk) > 0 {
				above := walk[len(walk)-1].node
				low[above] = min(low[above], low[done])
			}
			if low[done] != index[done] {
				continue
			}
			at := slices.Index(stack, done)
			group := slices.Clone(stack[at:])
			for _, node := range group {
				onStack[node] = false
			}
			stack = stack[:at]
			if len(group) > 1 {
				slices.Sort(group)
				found = append(found, group)
			}
		}
	}
	return found
}
