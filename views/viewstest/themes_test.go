package viewstest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracefall/views/style"
)

// TestThemeColours keeps the colour of every role in every theme, and of five services: red for errors and green for what is
// fine in the one theme are not to change places unseen.
func TestThemeColours(t *testing.T) {
	var b strings.Builder
	for _, name := range append([]string{style.Auto}, style.Names()...) {
		theme, err := style.New(name, false)
		if err != nil {
			t.Fatal(err)
		}
		theme = theme.For([]string{"api-gateway", "cart", "checkout", "payment", "stock"})
		for _, depth := range []struct {
			name  string
			theme style.Theme
		}{{name, theme}, {name + ", 256 colours", theme.Indexed()}} {
			roles := rolesOf(&depth.theme)
			if depth.name != name && slices.Equal(roles, rolesOf(&theme)) {
				continue // as many colours as before
			}
			fmt.Fprintf(&b, "%s\n", depth.name)
			for _, role := range roles {
				fmt.Fprintf(&b, "  %-13s %s on %s%s\n", role.name, colourName(role.look.Fg), colourName(role.look.Bg), attrName(role.look))
			}
		}
	}
	checkGolden(t, filepath.Join("..", "testdata", "styles", "themes.txt"), b.String())
}
