package app

import (
	"fmt"
	"slices"

	"tracefall/sources"
	"tracefall/sources/spelling"
)

// parseFormats reads the tables [format.NAME] of a configuration. What it does not know is an error that says where
// and what was meant.
func parseFormats(in settingPlaces, tables map[string]any) ([]sources.KeyMap, error) {
	var formats []sources.KeyMap
	for _, name := range sortedNames(tables) {
		table, ok := tables[name].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: expected a table [format.%s]", in.at("format", name), name)
		}
		settings := map[string]string{}
		for _, setting := range sortedNames(table) {
			where := in.at("format", name, setting)
			if !slices.Contains(sources.KeyMapSettings(), setting) {
				return nil, fmt.Errorf("%s: unknown setting %q of format %s%s", where, setting, name, spelling.Suggest(setting, sources.KeyMapSettings()))
			}
			value, ok := table[setting].(string)
			if !ok {
				return nil, fmt.Errorf("%s: %s of format %s: expected text in quotes, got %v", where, setting, name, table[setting])
			}
			settings[setting] = value
		}
		format, setting, err := sources.ParseKeyMap(name, settings)
		switch {
		case err != nil && setting != "":
			return nil, fmt.Errorf("%s: %s of format %s: %w", in.at("format", name, setting), setting, name, err)
		case err != nil:
			return nil, fmt.Errorf("%s: format %s: %w", in.at("format", name), name, err)
		}
		formats = append(formats, format)
	}
	return formats, nil
}
