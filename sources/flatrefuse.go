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

// otherJSON says that JSON is no trace export, what it looks like, and what to do.
func (r *documentReader) otherJSON() string {
	text := "is JSON, but not a supported trace format"
	if r.flat == nil || r.flat.refusal == nil {
		return text
	}
	what, detail := r.flat.refusal.What, r.flat.refusal.Detail
	if what != "" {
		text += ", it looks like " + what
	}
	if detail != "" {
		text += ": " + detail
	}
	return text
}
