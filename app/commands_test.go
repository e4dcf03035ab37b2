package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/app/config"
	"tracefall/views"
)

func TestCommandTable(t *testing.T) {
	m, err := newKeymap(config.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[views.Command]bool{}
	for _, c := range m.table {
		if seen[c.Name] {
			t.Errorf("%s stands twice in the table", c.Name)
		}
		seen[c.Name] = true
		if c.Title() == "" || c.Help == "" || c.Group == "" {
			t.Errorf("%s lacks words or a group: %+v", c.Name, c)
		}
		if strings.HasSuffix(c.Help, ".") {
			t.Errorf("the help of %s ends with a full stop", c.Name)
		}
		for _, key := range c.Key.Keys() {
			if got := m.command(key, binds{only: c.Name}); got != c.Name {
				t.Errorf("the key %q gives %q, want %s", key, got, c.Name)
			}
		}
	}
	for _, c := range copyChoices() {
		if !seen[c.command] {
			t.Errorf("%v after the key of %s gives %s, which is not in the table", c.keys, views.CopyMenu, c.command)
		}
	}
}

// binds is a screen that carries out one command, or none.
type binds struct {
	views.Screen
	only views.Command
}

func (b binds) Bindings() []views.Binding {
	return []views.Binding{{Name: b.only, Do: func() views.Action { return nil }}}
}

// TestKeysOfTwo gives a key to the screen that knows it, and elsewhere to the program.
func TestKeysOfTwo(t *testing.T) {
	m, err := newKeymap(config.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for screen, want := range map[views.Command]views.Command{views.ShowRule: views.ShowRule, views.Down: views.Refresh} {
		if got := m.command("R", binds{only: screen}); got != want {
			t.Errorf("R gives %s on a screen with %s, want %s", got, screen, want)
		}
	}
	_, err = newKeymap(config.Config{Keys: map[views.Command]any{"rule": "k", "refresh": "k"}}, nil)
	if err == nil {
		t.Error("a third command took a key")
	}
}

// TestEveryScreenCommandHasALine checks that no command of the screens was forgotten in the table.
func TestEveryScreenCommandHasALine(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "views", "commands.go"))
	if err != nil {
		t.Fatal(err)
	}
	known := CommandNames()
	for line := range strings.SplitSeq(string(source), "\n") {
		if _, rest, ok := strings.Cut(line, " Command = \""); ok {
			name, _, _ := strings.Cut(rest, `"`)
			if !strings.Contains(" "+strings.Join(known, " ")+" ", " "+name+" ") {
				t.Errorf("the command %q of package views is not in the table", name)
			}
		}
	}
}

func TestKeysOfTheConfiguration(t *testing.T) {
	c := config.Config{Keys: map[views.Command]any{"down": []any{"ctrl-n", "down"}, "zoom-span": "Z"}}
	m, err := newKeymap(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]views.Command{"ctrl+n": views.Down, "down": views.Down, "Z": views.ZoomSpan, "j": "", "z": ""} {
		if got := m.command(key, binds{}); got != want {
			t.Errorf("the key %q gives %q, want %q", key, got, want)
		}
	}
	if got := m.key(views.Down); got != "ctrl-n" {
		t.Errorf("the key shown for down is %q, want ctrl-n", got)
	}
	_, err = newKeymap(config.Config{Keys: map[views.Command]any{"down": "k"}}, nil)
	if err == nil || err.Error() != `the key "k" is bound to both down and up: give one of them another in [keys]` {
		t.Errorf("a key for two commands: %v", err)
	}
}

// ownCommand is a screen with a command that is not in the table.
type ownCommand struct{ views.Screen }

func (ownCommand) Bindings() []views.Binding {
	return []views.Binding{views.Bind(views.Down, nil), {Name: "launch", Help: "Launch it"}}
}

// TestKeysOfScreens gives keys to a command that a screen brings itself.
func TestKeysOfScreens(t *testing.T) {
	screens := []views.Screen{ownCommand{}}
	m, err := newKeymap(config.Config{Keys: map[views.Command]any{"launch": "f9"}}, screens)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.command("f9", binds{}); got != "launch" {
		t.Errorf("f9 gives %q, want the command of the screen", got)
	}
	if got := commandTable(screens); got[len(got)-1].Name != "launch" || len(got) != len(views.Commands())+1 {
		t.Errorf("%d commands, the last %s, want that of the screen once, after those of the table", len(got), got[len(got)-1].Name)
	}
}

func TestSpellKey(t *testing.T) {
	for written, want := range map[string]string{"ctrl-d": "ctrl+d", "pgdn": "pgdown", " ": "space", "-": "-", "ctrl--": "ctrl+-", "alt-shift-x": "alt+shift+x"} {
		if got := views.SpellKey(written); got != want {
			t.Errorf("views.SpellKey(%q) = %q, want %q", written, got, want)
		}
	}
	for key, want := range map[string]string{"ctrl+d": "ctrl-d", "pgdown": "pgdn", "+": "+", "space": "space"} {
		if got := views.ShowKey(key); got != want {
			t.Errorf("views.ShowKey(%q) = %q, want %q", key, got, want)
		}
	}
}

// TestKeysPage keeps the table of docs/keys.md in step with the commands of the program and of its screens.
func TestKeysPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "keys.md"))
	if err != nil {
		t.Fatal(err)
	}
	const from, to = "<!-- keys -->\n", "<!-- /keys -->"
	_, rest, ok := strings.Cut(string(page), from)
	table, _, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("docs/keys.md has no table of keys between %q and %q", from, to)
	}
	if diff := cmp.Diff(keyTable(), table); diff != "" {
		t.Errorf("docs/keys.md differs from the table of commands (-table +page):\n%s", diff)
	}
}

// keyTable writes the table of commands for docs/keys.md.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| keys | command | what it does |\n|---|---|---|\n")
	screens := newScreens(tabTable())
	for _, c := range commandTable(screens.all()) {
		var keys []string
		for _, k := range c.Key.Keys() {
			keys = append(keys, "`"+views.ShowKey(k)+"`")
		}
		if len(keys) > 0 {
			b.WriteString("| " + strings.Join(keys, " ") + " | " + string(c.Name) + " | " + c.Help + " |\n")
		}
	}
	return b.String()
}
