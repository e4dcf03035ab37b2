package style

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"charm.land/lipgloss/v2"

	"tracefall/sources/spelling"
	"tracefall/views/draw"
)

// Changes are what a person wants to look otherwise than the theme has it: by
// the name of a role ("error", "key-hint") how it looks, and the colours of the
// services.
type Changes struct {
	Roles    map[string]string
	Services []string
}

// check says which change cannot be made, the first by name.
func (c Changes) check() error {
	known := Roles()
	names := make([]string, 0, len(c.Roles))
	for name := range c.Roles {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return &ChangeError{name, fmt.Sprintf("unknown role %q%s", name, spelling.Suggest(name, known))}
		}
		if _, err := parseStyle(c.Roles[name]); err != nil {
			return &ChangeError{name, err.Error()}
		}
	}
	for _, text := range c.Services {
		if !isColour(text) {
			return &ChangeError{"services", notColour(text)}
		}
	}
	return nil
}

// ChangeError is why a change cannot be made.
type ChangeError struct{ Name, Reason string }

func (e *ChangeError) Error() string { return e.Reason }

// change makes the changes, which were checked.
func (t *Theme) change(c Changes) {
	v := reflect.ValueOf(t).Elem()
	for i, name := range roleFields() {
		text, ok := c.Roles[name]
		if name == "" || !ok {
			continue
		}
		if s, err := parseStyle(text); err == nil {
			v.Field(i).Set(reflect.ValueOf(Ink(s)))
		}
	}
	if len(c.Services) == 0 {
		return
	}
	t.services = nil
	for _, text := range c.Services {
		t.services = append(t.services, Ink(lipgloss.NewStyle().Foreground(lipgloss.Color(text))).FG)
	}
}

// Roles lists the names of the roles, as Changes has them.
func Roles() []string {
	return slices.DeleteFunc(roleFields(), func(name string) bool { return name == "" })
}

// roleFields lists the fields of Theme by the name of their role, "" for those
// that are none.
func roleFields() []string {
	of := reflect.TypeFor[Theme]()
	names := make([]string, of.NumField())
	for i := range names {
		if f := of.Field(i); f.IsExported() && f.Type == reflect.TypeFor[draw.Ink]() {
			names[i] = dashed(f.Name)
		}
	}
	return names
}

// dashed spells a name of Go as the configuration does: KeyHint is key-hint.
func dashed(name string) string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if unicode.IsUpper(r) && small {
			b.WriteByte('-')
		}
		small = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// parseStyle reads how a role looks: attributes, a colour, and "on" with the
// colour behind it, as in "bold #ff6b6b on 236".
func parseStyle(text string) (lipgloss.Style, error) {
	s := lipgloss.NewStyle()
	words := strings.Fields(strings.ToLower(text))
	for n := 0; n < len(words); n++ {
		at := slices.IndexFunc(attributes, func(a attribute) bool { return a.name == words[n] })
		switch {
		case at >= 0:
			s = attributes[at].set(s, true)
		case words[n] == "on" && n+1 < len(words) && isColour(words[n+1]):
			n++
			s = s.Background(lipgloss.Color(words[n]))
		case isColour(words[n]):
			s = s.Foreground(lipgloss.Color(words[n]))
		default:
			return s, fmt.Errorf("%s, nor an attribute such as bold", notColour(words[n]))
		}
	}
	return s, nil
}

// notColour says what was expected.
func notColour(text string) string {
	return fmt.Sprintf("%q is not a colour such as \"#ff6b6b\" or \"203\"", text)
}

// isColour reports whether a text is a colour: # and six digits, or a number of
// the terminal's palette.
func isColour(text string) bool {
	if digits, ok := strings.CutPrefix(text, "#"); ok {
		_, err := strconv.ParseUint(digits, 16, 32)
		return err == nil && len(digits) == 6
	}
	_, err := strconv.ParseUint(text, 10, 8)
	return err == nil
}
