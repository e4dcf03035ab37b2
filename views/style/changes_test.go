package style

import (
	"testing"

	"tracefall/views/draw"
)

func TestChanges(t *testing.T) {
	red := draw.RGB(0xff, 0, 0)
	changed, err := theme(t, "dark").With(Changes{
		Roles:    map[string]string{"error": "bold #ff0000", "match": "16 on 153", "key-hint": "underline"},
		Services: []string{"#ff0000", "3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	light, err := changed.Named("light")
	if err != nil {
		t.Fatal(err)
	}
	for _, theme := range []Theme{changed, light} {
		if want := (draw.Ink{FG: red, Attr: draw.Bold}); theme.Error != want {
			t.Errorf("%s: errors are %v, want %v", theme.Name, theme.Error, want)
		}
		if want := (draw.Ink{FG: draw.Indexed(16), BG: draw.Indexed(153)}); theme.Match != want {
			t.Errorf("%s: matches are %v, want %v", theme.Name, theme.Match, want)
		}
		if want := (draw.Ink{Attr: draw.Underline}); theme.KeyHint != want {
			t.Errorf("%s: keys are %v, want %v", theme.Name, theme.KeyHint, want)
		}
		if len(theme.services) != 2 || theme.services[0] != red || theme.services[1] != draw.Indexed(3) {
			t.Errorf("%s: services are %v", theme.Name, theme.services)
		}
	}
	for _, test := range []struct {
		changes Changes
		want    string
	}{
		{Changes{Roles: map[string]string{"eror": "#ff0000"}}, `unknown role "eror"; did you mean "error"?`},
		{Changes{Roles: map[string]string{"error": "#ff00"}}, `"#ff00" is not a colour such as "#ff6b6b" or "203", nor an attribute such as bold`},
		{Changes{Roles: map[string]string{"error": "bold on"}}, `"on" is not a colour such as "#ff6b6b" or "203", nor an attribute such as bold`},
		{Changes{Services: []string{"256"}}, `"256" is not a colour such as "#ff6b6b" or "203"`},
	} {
		if _, err := theme(t, "dark").With(test.changes); err == nil || err.Error() != test.want {
			t.Errorf("%v: error %v, want %s", test.changes, err, test.want)
		}
	}
}
