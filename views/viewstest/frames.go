package viewstest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// frameSizes are the terminals every golden frame is drawn for.
var frameSizes = []struct{ w, h int }{{80, 24}, {120, 40}, {200, 50}}

// CheckFrame compares what is drawn with testdata/frames/NAME.txt. Every line of the file ends with a bar, so
// that blanks at the end are seen and editors leave them alone.
func CheckFrame(t *testing.T, name string, grid *draw.Grid) {
	t.Helper()
	CheckSize(t, grid)
	got := strings.ReplaceAll(grid.Plain(), "\n", "|\n") + "|\n"
	checkGolden(t, filepath.Join("..", "testdata", "frames", name+".txt"), got)
}

// CheckSize fails where a line does not have the grid's width, or the frame not its height.
func CheckSize(t *testing.T, grid *draw.Grid) {
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

// CheckFrames draws a screen at every size of frameSizes; the files are NAME-80x24 and so on.
func CheckFrames(t *testing.T, name string, s views.Screen, env *views.Env) {
	t.Helper()
	CheckStyles(t, name, s, env)
	for _, size := range frameSizes {
		grid := Frame(s, env, size.w, size.h)
		CheckSigns(t, grid, env.Theme)
		CheckFrame(t, name+"-"+strconv.Itoa(size.w)+"x"+strconv.Itoa(size.h), grid)
	}
}

// Env is the environment of golden frames: the default theme, UTC, the keys of the design.
func Env(t testing.TB) *views.Env {
	t.Helper()
	theme, err := style.New("", false)
	if err != nil {
		t.Fatal(err)
	}
	return &views.Env{
		Theme:   &theme,
		Clock:   views.Clock{Mode: views.ClockUTC, Zone: time.UTC},
		Focused: true,
		Key:     func(c views.Command) string { return testKeys[c] },
	}
}

// EnvOf is Env where the services of what is shown have colours of their own, as the program gives them.
func EnvOf(t testing.TB, of ...views.Scope) *views.Env {
	t.Helper()
	env := Env(t)
	var services []string
	for _, scope := range of {
		if scope.Set == nil {
			continue
		}
		for i := range scope.Set.Resources() {
			services = append(services, scope.Set.Resource(i).Service())
		}
	}
	own := env.Theme.For(services)
	env.Theme = &own
	return env
}

// testKeys are the keys golden frames show for commands.
var testKeys = map[views.Command]string{
	views.Down: "j", views.Up: "k", views.Enter: "enter", views.Search: "/", views.SortNext: "S", views.SortFlip: "R", views.Back: "esc",
	views.NextError: "e", views.PrevError: "E", views.NextMatch: "n", views.PrevMatch: "N", views.CopyTrace: "y", views.Fold: "space",
	views.Group: "o", views.ZoomSpan: "z", views.OpenAll: "]", views.FoldAll: "[",
}

// CheckASCII fails where a screen draws anything but ASCII for a terminal without Unicode, or differs from its golden
// frame.
func CheckASCII(t *testing.T, name string, w, h int, s views.Screen) {
	t.Helper()
	env := Env(t)
	theme, err := style.New("none", true)
	if err != nil {
		t.Fatal(err)
	}
	env.Theme = &theme
	grid := draw.NewGrid(w, h)
	grid.SetASCII(true)
	fill(grid, s, env)
	for _, r := range grid.Plain() {
		if r >= 0x80 {
			t.Errorf("%s contains %q", name, r)
		}
	}
	CheckFrame(t, fmt.Sprintf("%s-%dx%d", name, w, h), grid)
}

// CheckPoints checks that the durations of a column, whose last cell is given, are of one precision with their decimal points
// one above the other. It returns how many lines have one.
func CheckPoints(t *testing.T, lines []string, end int) int {
	t.Helper()
	at, n := -1, 0
	for _, line := range lines {
		cells := []rune(line)
		if len(cells) <= end {
			continue
		}
		begin := end
		for begin > 0 && (cells[begin] != ' ' || cells[begin-1] != ' ') {
			begin--
		}
		text := strings.TrimSpace(string(cells[begin : end+1]))
		point := slices.Index(cells[begin:end+1], '.')
		switch fields := strings.Fields(text); {
		case point < 0 && (len(fields) != 2 || fields[0] == "0" || !slices.Contains([]string{"s", "ms", "µs"}, fields[1])):
			continue
		case point < 0:
			t.Errorf("%q has no decimal: %s", text, line)
			continue
		}
		point += begin
		if n++; at >= 0 && point != at {
			t.Errorf("the point is in cell %d, not %d: %s", point, at, line)
		}
		at = point
	}
	return n
}
