package sources

import "tracefall/sources/flat"

// KeyMap says what the keys of a user's own format mean.
type KeyMap = flat.KeyMap

// ParseKeyMap makes a key map of the settings of a configuration, by name. The error names the setting that is wrong;
// it is "" where one is missing.
func ParseKeyMap(name string, settings map[string]string) (km KeyMap, setting string, err error) {
	return flat.ParseKeyMap(name, settings)
}

// KeyMapSettings lists the names of the settings of a key map.
func KeyMapSettings() []string { return flat.Settings() }
