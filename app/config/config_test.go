package config

import (
	"reflect"
	"strings"
	"testing"

	"tracefall/views"
	"tracefall/views/style"
)

// commands lists those that keys are given to here.
func commands() []string { return []string{"down", "up", "zoom-span"} }

func TestParseConfig(t *testing.T) {
	c, err := parse("c.toml", []byte("theme = 'light'\nascii = true\ntime = \"relative\"\nmouse = false\n[keys]\ndown = [\"ctrl-n\", \"down\"]\nzoom-span = \"Z\"\n"), commands)
	if err != nil {
		t.Fatal(err)
	}
	if c.Theme != "light" || !c.ASCII || c.Time != "relative" || c.Mouse == nil || *c.Mouse || len(c.Keys) != 2 {
		t.Errorf("read %+v", c)
	}
}

func TestParseTheme(t *testing.T) {
	c, err := parse("c.toml", []byte("[theme]\nname = 'light'\nerror = 'bold #ff5f5f'\nservices = ['#549afc', '85']\n"), commands)
	if err != nil {
		t.Fatal(err)
	}
	want := style.Changes{Roles: map[string]string{"error": "bold #ff5f5f"}, Services: []string{"#549afc", "85"}}
	if c.Theme != "light" || !reflect.DeepEqual(c.Style, want) {
		t.Errorf("theme %q with %v, want light with %v", c.Theme, c.Style, want)
	}
}

func TestParseConfigErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"them = 'dark'\n", `c.toml:1:1: unknown setting "them"; did you mean "theme"?`},
		{"\ntheme = 'drak'\n", `c.toml:2:1: unknown theme "drak"; did you mean "dark"?`},
		{"time = 'moon'\n", `c.toml:1:1: unknown time mode "moon": expected one of utc, local, relative`},
		{"theme = 3\n", `c.toml:1:1: expected a name such as "light", or a table [theme]`},
		{"[theme]\nname = 'drak'\n", `c.toml:2:1: unknown theme "drak"; did you mean "dark"?`},
		{"[theme]\neror = '#ff0000'\n", `c.toml:2:1: unknown role "eror"; did you mean "error"?`},
		{"[theme]\nerror = 'rot'\n", `c.toml:2:1: "rot" is not a colour such as "#ff6b6b" or "203", nor an attribute such as bold`},
		{"[theme]\nerror = 3\n", `c.toml:2:1: expected a text such as "bold #ff6b6b"; services is a list of colours`},
		{"[theme]\nservices = ['#ff']\n", `c.toml:2:1: "#ff" is not a colour such as "#ff6b6b" or "203"`},
		{"theme = \n", `c.toml:1:9: expected a value such as "text", 100 or true`},
		{"columns = ['start', 'durtion']\n", `c.toml:1:1: unknown column "durtion": expected some of `},
		{"[keys]\ndwon = 'j'\n", `c.toml:2:1: unknown command "dwon"; did you mean "down"?`},
		{"[keys]\ndown = 3\n", `c.toml:2:1: keys of down: expected "key" or ["key", …], got 3`},
		{"[keys]\nup = 'k'\ndown = ['j', 3]\n", `c.toml:3:1: keys of down: expected a key such as "ctrl-d", got 3`},
		{"[keys]\ndown = 'ctrl-xx'\n", `c.toml:2:1: keys of down: unknown key "ctrl-xx": expected one such as "j", "ctrl-n", "f5" or "pgdn"`},
		{"[keys]\ndown = ['j', 'escape']\n", `c.toml:2:1: keys of down: unknown key "escape"`},
		{"[keys]\ndown = 'f64'\n", `c.toml:2:1: keys of down: unknown key "f64"`},
		{"[queries]\nslow = 'duration>5'\n", `c.toml:2:1: slow: query, column 10: duration needs a unit`},
		{"history = 'no'\n", `c.toml:1:11: history: expected true or false`},
		{"mouse = 3\n", `c.toml:1:9: mouse: expected true or false`},
		{"columns = 'root'\n", `c.toml:1:11: columns: expected a list of texts: ["…", "…"]`},
		{"time = 3\n", `c.toml:1:8: time: expected a text in quotes: "…"`},
		{"[queries]\nslow = 3\n", `c.toml:2:8: queries.slow: expected a text in quotes: "…"`},
		{"keys = 3\n", `c.toml:1:8: keys: expected a table [keys]`},
		{"time = utc\n", `c.toml:1:8: expected a value such as "text", 100 or true`},
		{"keys.dwon = 'j'\n", `c.toml:1:6: unknown command "dwon"; did you mean "down"?`},
	} {
		_, err := parse("c.toml", []byte(c.text), commands)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error has several lines: %q", c.text, err)
		}
	}
}

// TestKeys reads keys as people write them.
func TestKeys(t *testing.T) {
	got, err := KeyList([]any{"j", "ctrl-n", "alt-shift-up", " ", "pgdn", "f5", "ctrl-pgup", "-", "ctrl--", "ö"})
	want := []string{"j", "ctrl+n", "alt+shift+up", "space", "pgdown", "f5", "ctrl+pgup", "-", "ctrl+-", "ö"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %q (%v), want %q", got, err, want)
	}
}

// TestEveryKeyOfACommandCanBeConfigured: what the table of commands has, the configuration takes.
func TestEveryKeyOfACommandCanBeConfigured(t *testing.T) {
	for _, b := range views.Commands() {
		for _, key := range b.Key.Keys() {
			if _, err := KeyList(views.ShowKey(key)); err != nil {
				t.Errorf("%s: %v", b.Name, err)
			}
		}
	}
}
