package viewstest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/views"
	"tracefall/views/draw"
)

var update = flag.Bool("update", false, "write the golden frames instead of comparing with them; read them afterwards")

// Frame draws a screen into a new grid.
func Frame(s views.Screen, env *views.Env, w, h int) *draw.Grid {
	grid := draw.NewGrid(w, h)
	fill(grid, s, env)
	return grid
}

// headLines is how many lines stand above the first tab of a scope in the program: its head, and the tabs, which are left
// empty here. They leave the tab bodyLeast lines.
const (
	headLines = 2
	bodyLeast = 4
)

// fill draws a screen into a grid; one with a head below it and an empty line, where there is room for them.
func fill(grid *draw.Grid, s views.Screen, env *views.Env) {
	body := grid.All()
	if head, ok := s.(views.Headed); ok && body.H() > headLines+bodyLeast {
		var top draw.Area
		top, body = body.Top(headLines)
		head.Head(top.Row(0), env)
	}
	s.Draw(body, env)
}

// checkGolden compares text with a golden file, or writes the file where that was asked for.
func checkGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("no golden file (run with -update, then read it): %v", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}
