package viewstest

import (
	"fmt"
	"image/color"
	"path/filepath"
	"reflect"
	"slices"
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
	"compare-failed", "compare-merged", "compare-missing", "compare-sets-slow", "compare-baselines", "complete-values", "diagnostics-open",
	"findings-evidence", "flame-diff", "flame-search", "flame-small", "help", "language", "list-derived", "list-query", "list-small", "palette-small", "servicemap-compared", "servicemap-failing", "spans-attributes",
	"statistics-operation", "waterfall-filtered",
	"waterfall-findings", "waterfall-path", "waterfall-zoomed",
}

// checkStyles compares the styles of a screen with testdata/styles/NAME-THEME.txt, in every theme: a line for each line
// of the frame, and in it each run of cells that look alike, as the role that they have in the theme and their text.
//
//	3  Header"START" Accent"DURATION ▾" …
//	4  Text+Selected"14:02:11.000" Error+Selected"✗"
func checkStyles(t *testing.T, name string, s views.Screen, env *views.Env) {
	t.Helper()
	if !slices.Contains(styledFrames, name) {
		return
	}
	for _, theme := range style.Names() {
		inks, err := style.New(theme, false)
		if err != nil {
			t.Fatal(err)
		}
		styled := *env
		styled.Theme = &inks
		checkGolden(t, filepath.Join("..", "testdata", "styles", name+"-"+theme+".txt"), styleText(Frame(s, &styled, 120, 40), &inks))
	}
}

// runMost is how many characters of a run's text are kept: enough to know it again.
const runMost = 24

// styleText writes the styles of a frame.
func styleText(grid *draw.Grid, theme *style.Theme) string {
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
			fmt.Fprintf(&b, " %s%q", roles.name(style), run)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// parsedCells are the cells that a terminal shows of a frame.
func parsedCells(grid *draw.Grid) uv.ScreenBuffer {
	w, h := grid.Size()
	buf := uv.NewScreenBuffer(w, h)
	uv.NewStyledString(grid.String()).Draw(buf, buf.Bounds())
	return buf
}

// themeRoles are the looks of the roles of a theme, in the order in which it names them.
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
	return roles
}

// name names a style by the first role that looks so, with "~" where it is reversed, and the role whose background it
// has; by its colours where there is no such role, as services have none.
func (r themeRoles) name(s uv.Style) string {
	front := s
	front.Bg, front.Attrs = nil, s.Attrs&^uv.AttrReverse
	text := colourName(front.Fg) + attrName(front)
	for _, role := range r {
		if role.look.Bg == nil && role.look.Equal(&front) {
			text = role.name
			break
		}
	}
	if s.Attrs&uv.AttrReverse != 0 {
		text += "~"
	}
	if s.Bg == nil {
		return text
	}
	for _, role := range r {
		if role.look.Bg != nil && colourName(role.look.Bg) == colourName(s.Bg) {
			return text + "+" + role.name
		}
	}
	return text + "+" + colourName(s.Bg)
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
