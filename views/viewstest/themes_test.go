package viewstest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tracefall/views/draw"
	"tracefall/views/style"
)

// TestThemeColours keeps the colour of every role in every theme: red for errors and green for what is fine in the one
// theme are not to change places unseen.
func TestThemeColours(t *testing.T) {
	var b strings.Builder
	for _, name := range style.Names() {
		theme, err := style.New(name, false)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", name)
		for _, role := range rolesOf(&theme) {
			fmt.Fprintf(&b, "  %-13s %s on %s%s\n", role.name, colourName(role.look.Fg), colourName(role.look.Bg), attrName(role.look))
		}
		for _, service := range []string{"api-gateway", "cart", "checkout", "payment", "stock"} {
			grid := draw.NewGrid(1, 1)
			grid.All().Text(0, 0, "x", theme.Service(service))
			fmt.Fprintf(&b, "  service %-11s %s\n", service, colourName(parsedCells(grid).CellAt(0, 0).Style.Fg))
		}
	}
	checkGolden(t, filepath.Join("..", "testdata", "styles", "themes.txt"), b.String())
}
