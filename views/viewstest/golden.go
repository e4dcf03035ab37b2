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
	s.Draw(grid.All(), env)
	return grid
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
