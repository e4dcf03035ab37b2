package views

import (
	"flag"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracefall/views/draw"
	"tracefall/views/style"
)

var update = flag.Bool("update", false, "write the golden frames instead of comparing with them; read them afterwards")

// frameSizes are the terminals every golden frame is drawn for.
var frameSizes = []struct{ w, h int }{{80, 24}, {120, 40}, {200, 50}}

// checkFrame compares what is drawn with testdata/frames/NAME.txt. Every line of the file ends with a bar, so
// that blanks at the end are seen and editors leave them alone.
func checkFrame(t *testing.T, name string, grid *draw.Grid) {
	t.Helper()
	checkSize(t, grid)
	got := strings.ReplaceAll(grid.Plain(), "\n", "|\n") + "|\n"
	checkGolden(t, filepath.Join("testdata", "frames", name+".txt"), got)
}

// checkSize fails where a line does not have the grid's width, or the frame not its height.
func checkSize(t *testing.T, grid *draw.Grid) {
	t.Helper()
	w, h := grid.Size()
	if w == 0 || h == 0 {
		return
	}
	lines := strings.Split(grid.Plain(), "\n")
	if len(lines) != h {
		t.Errorf("the frame has %d lines, want %d", len(lines), h)
	}
	for y, line := range lines {
		if n := draw.Width(line); n != w {
			t.Errorf("line %d is %d cells wide, want %d: %q", y, n, w, line)
		}
	}
}

// frame draws a screen into a new grid.
func frame(s Screen, env *Env, w, h int) *draw.Grid {
	grid := draw.NewGrid(w, h)
	s.Draw(grid.All(), env)
	return grid
}

// checkFrames draws a screen at every size of frameSizes; the files are NAME-80x24 and so on.
func checkFrames(t *testing.T, name string, s Screen, env *Env) {
	t.Helper()
	checkStyles(t, name, s, env)
	for _, size := range frameSizes {
		checkFrame(t, name+"-"+strconv.Itoa(size.w)+"x"+strconv.Itoa(size.h), frame(s, env, size.w, size.h))
	}
}

// testEnv is the environment of golden frames: the default theme, UTC, the keys of the design.
func testEnv(t testing.TB) *Env {
	t.Helper()
	theme, err := style.New("", false)
	if err != nil {
		t.Fatal(err)
	}
	return &Env{
		Theme:   &theme,
		Clock:   Clock{Mode: ClockUTC, Zone: time.UTC},
		Focused: true,
		Key:     func(c Command) string { return testKeys[c] },
	}
}

// testKeys are the keys golden frames show for commands.
var testKeys = map[Command]string{
	Down: "j", Up: "k", Enter: "enter", Search: "/", SortNext: "S", SortFlip: "R", Back: "esc",
	NextError: "e", PrevError: "E", NextMatch: "n", PrevMatch: "N", CopyTrace: "y", Fold: "space",
	Group: "o", ZoomSpan: "z", OpenAll: "]", FoldAll: "[",
}
