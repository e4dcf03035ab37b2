package viewstest

import (
	"fmt"
	"image/color"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// styledFrames are the golden frames whose styles are kept too, at 120×40 and in every theme: each screen once. A golden
// frame without them does not see that errors lost their colour.
var styledFrames = []string{
	"compare-baselines", "compare-failed", "compare-incomplete", "compare-missing",
	"compare-sets-slow", "compare-sides", "compare-sides-folded", "complete-error", "complete-values", "detail-span", "diagnostics-open",
	"findings-evidence", "findings-small", "flame-diff", "flame-search", "flame-small", "help", "language", "list-derived", "list-query", "list-small",
	"logs-error", "logs-few", "palette-small", "servicemap-compared", "servicemap-failing", "spans-attributes", "statistics-operation",
	"waterfall-filtered", "waterfall-findings", "waterfall-path", "waterfall-zoomed",
}

// CheckStyles compares the styles of a screen with testdata/styles/NAME-THEME.txt, in every theme: a line for each line
// of the frame, and in it each run of cells that look alike, as the role that they have in the theme, or as the service
// whose colour it is, and their text.
//
//	3  Header"START" Accent"DURATION ▾" …
//	4  Selected"14:02:11.000" Error+Selected"✗" @cart"━━━"
//
// The environment is that of EnvOf: as in the program, no two services have one colour.
func CheckStyles(t *testing.T, name string, s views.Screen, env *views.Env) {
	t.Helper()
	if !slices.Contains(styledFrames, name) {
		return
	}
	for _, theme := range append([]string{style.Auto}, style.Names()...) {
		inks, err := env.Theme.Named(theme)
		if err != nil {
			t.Fatal(err)
		}
		styled := *env
		styled.Theme = &inks
		text, unknown := styleText(Frame(s, &styled, 120, 40), &inks)
		if unknown != "" {
			t.Errorf("%s in the theme %s has the colour %s, which is none of a role, nor of a service that EnvOf was told of", name, theme, unknown)
		}
		checkGolden(t, filepath.Join("..", "testdata", "styles", name+"-"+theme+".txt"), text)
	}
}

// CheckSigns fails where the sign of an error or of a warning, or a count below the title ERR, has not the colour that says
// so. The signs of findings may be quiet, too: those of a waterfall that the cursor is not on are.
func CheckSigns(t *testing.T, grid *draw.Grid, theme *style.Theme) {
	t.Helper()
	w, h := grid.Size()
	cells := parsedCells(grid)
	check := func(x, y int, what string, inks ...draw.Ink) {
		t.Helper()
		got := cells.CellAt(x, y).Style
		for _, ink := range inks {
			look := lookOf(ink)
			if ink != (draw.Ink{}) && colourName(got.Fg) == colourName(look.Fg) && (look.Bg == nil || colourName(got.Bg) == colourName(look.Bg)) {
				return
			}
		}
		t.Errorf("in line %d %s is %s%s on %s:\n%s", y, what, colourName(got.Fg), attrName(got), colourName(got.Bg), strings.Split(grid.Plain(), "\n")[y])
	}
	counts := [2]int{} // the cells of the title ERR
	for y := range h {
		for x := range w {
			switch cells.CellAt(x, y).Content {
			case theme.Glyphs.Error:
				check(x, y, "the sign of an error", theme.Error, theme.SelectedError)
			case theme.Glyphs.Critical:
				check(x, y, "the sign of a severe finding", theme.Error, theme.SelectedError, theme.Dim)
			case theme.Glyphs.Warning:
				check(x, y, "the sign of a warning", theme.Warn, theme.SelectedWarn, theme.Dim)
			}
			if wordAt(cells, x, y) == "ERR" {
				counts = [2]int{x, x + len("ERR")}
			}
		}
		for x := counts[0]; x < counts[1]; x++ {
			if n, err := strconv.Atoi(wordAt(cells, x, y)); err == nil && n > 0 {
				check(x, y, "a count of errors", theme.Error, theme.SelectedError)
			}
		}
	}
}

// wordAt returns the word that begins in a cell, "" where none does.
func wordAt(cells uv.ScreenBuffer, x, y int) string {
	blank := func(x int) bool { return x < 0 || x >= cells.Width() || cells.CellAt(x, y).Content == " " }
	var word strings.Builder
	for ; word.Len() > 0 || blank(x-1); x++ {
		if blank(x) {
			break
		}
		word.WriteString(cells.CellAt(x, y).Content)
	}
	return word.String()
}

// runMost is how many characters of a run's text are kept: enough to know it again.
const runMost = 24

// styleText writes the styles of a frame. It returns a colour of text that is none of the theme's, if there is one.
func styleText(grid *draw.Grid, theme *style.Theme) (text, unknown string) {
	w, h := grid.Size()
	cells := parsedCells(grid)
	roles := rolesOf(theme)
	var b strings.Builder
	for y := range h {
		fmt.Fprintf(&b, "%2d ", y)
		for x := 0; x < w; {
			style := cells.CellAt(x, y).Style
			var text strings.Builder
			for ; x < w && cells.CellAt(x, y).Style.Equal(&style); x++ {
				text.WriteString(cells.CellAt(x, y).Content)
			}
			run := strings.Join(strings.Fields(text.String()), " ")
			if run == "" && style.Bg == nil {
				continue
			}
			if runes := []rune(run); len(runes) > runMost {
				run = string(runes[:runMost-1]) + "…"
			}
			name := roles.name(style)
			if at := strings.Index(name, "#"); at >= 0 && !strings.HasSuffix(name, "~") { // blocks of a flame graph are mixed
				unknown = name[at:]
			}
			fmt.Fprintf(&b, " %s%q", name, run)
		}
		b.WriteString("\n")
	}
	return b.String(), unknown
}

// parsedCells are the cells that a terminal shows of a frame.
func parsedCells(grid *draw.Grid) uv.ScreenBuffer {
	w, h := grid.Size()
	buf := uv.NewScreenBuffer(w, h)
	uv.NewStyledString(grid.String()).Draw(buf, buf.Bounds())
	return buf
}

// themeRoles are the looks of the roles of a theme, in the order in which it names them, and of its services.
type themeRoles []themeRole

type themeRole struct {
	name string
	look uv.Style
}

func rolesOf(theme *style.Theme) themeRoles {
	var roles themeRoles
	v := reflect.ValueOf(*theme)
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		ink, ok := v.Field(i).Interface().(draw.Ink)
		if !ok {
			continue
		}
		roles = append(roles, themeRole{v.Type().Field(i).Name, lookOf(ink)})
	}
	for _, service := range theme.Services() {
		roles = append(roles, themeRole{"@" + service, lookOf(theme.Service(service))})
	}
	return roles
}

// name names a style by the first role that looks so, with "~" where it is reversed, and the role whose background it
// has; by the role or service whose colour it has, and its attributes, where it is as bold or faint as no role is.
func (r themeRoles) name(s uv.Style) string {
	front := s
	front.Bg, front.Attrs = nil, s.Attrs&^uv.AttrReverse
	text := r.named(front, s.Bg)
	if s.Attrs&uv.AttrReverse != 0 {
		text += "~"
	}
	if s.Bg == nil {
		return text
	}
	for _, role := range r {
		if role.look.Bg != nil && colourName(role.look.Bg) == colourName(s.Bg) {
			if text = strings.TrimPrefix(text, role.name); text == "" || text[0] == '(' || text[0] == '~' {
				return role.name + text // its own foreground
			}
			return text + "+" + role.name
		}
	}
	return text + "+" + colourName(s.Bg)
}

// named names a foreground on a background.
func (r themeRoles) named(front uv.Style, on color.Color) string {
	for _, role := range r {
		if role.look.Bg == nil && role.look.Equal(&front) {
			return role.name
		}
	}
	colour := colourName(front.Fg)
	if front.Fg == nil {
		return colour + attrName(front)
	}
	for _, role := range r {
		if colour == colourName(role.look.Fg) && (role.look.Bg == nil || colourName(role.look.Bg) == colourName(on)) {
			return role.name + attrName(front)
		}
	}
	return colour + attrName(front)
}

func colourName(c color.Color) string {
	if c == nil {
		return "plain"
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

func attrName(s uv.Style) string {
	if s.Attrs == 0 && s.Underline == 0 {
		return ""
	}
	return fmt.Sprintf("(%d,%d)", s.Attrs, s.Underline)
}

// lookOf is how a terminal shows an ink.
func lookOf(ink draw.Ink) uv.Style {
	grid := draw.NewGrid(1, 1)
	grid.All().Text(0, 0, "x", ink)
	return parsedCells(grid).CellAt(0, 0).Style
}
