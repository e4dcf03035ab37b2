package config

import (
	"errors"
	"fmt"
	"slices"

	"tracefall/sources/spelling"
	"tracefall/views/style"
)

// readLook reads the setting theme: the name of a theme, or a table that says what looks otherwise than in the theme whose
// name it may give.
//
//	theme = "light"
//
//	[theme]
//	name = "dark"
//	error = "bold #ff5f5f"
//	match = "16 on 153"
//	services = ["#549afc", "#9af58c"]
func (c *Config) readLook(in places) error {
	switch look := c.Look.(type) {
	case nil:
		return nil
	case string:
		c.Theme = look
	case map[string]any:
		if err := c.readChanges(in, look); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s: expected a name such as \"light\", or a table [theme]", in.at("theme"))
	}
	if themes := append([]string{style.Auto}, style.Names()...); !slices.Contains(themes, c.Theme) && c.Theme != "" {
		at := in.at("theme")
		if _, table := c.Look.(map[string]any); table {
			at = in.at("theme", "name")
		}
		return fmt.Errorf("%s: unknown theme %q%s", at, c.Theme, spelling.Suggest(c.Theme, themes))
	}
	return nil
}

// readChanges reads the table.
func (c *Config) readChanges(in places, table map[string]any) error {
	changes := style.Changes{Roles: map[string]string{}}
	for _, name := range sortedNames(table) {
		text, isText := table[name].(string)
		switch list, isList := table[name].([]any); {
		case name == "name" && isText:
			c.Theme = text
		case name == "services" && isList:
			for _, one := range list {
				changes.Services = append(changes.Services, fmt.Sprint(one))
			}
		case name == "services" || name == "name" || !isText:
			return fmt.Errorf("%s: expected a text such as \"bold #ff6b6b\"; services is a list of colours", in.at("theme", name))
		default:
			changes.Roles[name] = text
		}
	}
	var theme style.Theme
	_, err := theme.With(changes)
	var wrong *style.ChangeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s: %w", in.at("theme", wrong.Name), err)
	}
	c.Style = changes
	return nil
}
