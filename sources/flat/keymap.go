package flat

import (
	"cmp"
	"fmt"
	"strings"
)

// KeyMap says what the keys of a user's own format mean. Keys are dotted paths: "ctx.trace" is the member trace of
// the object ctx, or a key that is written so.
type KeyMap struct {
	Name  string // of the format
	Keys  map[Field]string
	Units map[Field]Unit // of numbers; 0: told from the values
}

// Settings lists the names under which a key map is written in a configuration, in the order of its documentation.
func Settings() []string {
	return []string{
		"trace", "span", "parent", "name", "start", "start_unit", "end", "end_unit", "duration", "duration_unit", "service", "kind",
		"status", "message", "error", "attributes", "resource", "events", "links",
	}
}

// settingFields are the fields that settings name.
func settingField(setting string) Field {
	for f, title := range titles {
		if strings.ReplaceAll(title, " id", "") == setting && Field(f) != KindHint && Field(f) != Success {
			return Field(f)
		}
	}
	if setting == "message" {
		return Message
	}
	return None
}

// ParseKeyMap makes a key map of settings. The error names the setting that is wrong, "" where one is missing.
func ParseKeyMap(name string, settings map[string]string) (km KeyMap, setting string, err error) {
	km = KeyMap{Name: name, Keys: map[Field]string{}, Units: map[Field]Unit{}}
	for _, setting := range Settings() {
		value, ok := settings[setting]
		if !ok {
			continue
		}
		if base, found := strings.CutSuffix(setting, "_unit"); found {
			unit, ok := ParseUnit(value)
			if !ok {
				return km, setting, fmt.Errorf("unknown unit %q: expected one of ns, us, ms, s", value)
			}
			if settings[base] == "" {
				return km, setting, fmt.Errorf("%s without %s", setting, base)
			}
			km.Units[settingField(base)] = unit
			continue
		}
		if value == "" {
			return km, setting, fmt.Errorf(`expected a key such as "trace_id", got ""`)
		}
		km.Keys[settingField(setting)] = value
	}
	for _, need := range []string{"trace", "span", "name"} {
		if km.Keys[settingField(need)] == "" {
			return km, "", fmt.Errorf("%s is missing: a format needs trace, span, name, start, and duration or end", need)
		}
	}
	start, end, duration := km.Keys[Start] != "", km.Keys[End] != "", km.Keys[Duration] != ""
	if start && !end && !duration || !start && !(end && duration) {
		return km, "", fmt.Errorf("times are missing: a format needs two of start, end and duration")
	}
	return km, "", nil
}

// mapping returns the mapping of a table that has the keys of the map; nil where it does not have them.
func (km *KeyMap) mapping(t *table) *Mapping {
	m := &Mapping{
		What: fmt.Sprintf("spans of the format %q", km.Name), Known: true, List: t.list.Path, AnyTime: km.Units[Start] != 0 || km.Units[End] != 0,
	}
	for f := Trace; f < Fields; f++ {
		key := km.Keys[f]
		if key == "" {
			continue
		}
		c := t.column(key)
		if c == nil {
			if f <= Start && f != Parent || f == Duration && km.Keys[End] == "" || f == End && km.Keys[Duration] == "" {
				return nil
			}
			continue
		}
		s := Source{Path: c.path}
		switch f {
		case Start, End: // in the unit that was said, else in the one in which the values are plausible
			unit, zoned, _ := c.epoch()
			s.Unit, m.UTC = cmp.Or(km.Units[f], unit), m.UTC || !zoned
		case Duration:
			_, unit := f.match(key)
			if s.Unit = cmp.Or(km.Units[f], unit); s.Unit == 0 {
				s.Unit, s.Why = t.durationUnit(m, c)
			}
		default: // no time
		}
		m.Sources[f] = []Source{s}
	}
	km.rest(m, t)
	return m
}

// rest adds the fields that the map does not name but whose key is a usual one.
func (km *KeyMap) rest(m *Mapping, t *table) {
	for f := Service; f < Fields; f++ {
		if km.Keys[f] == "" && f != TraceHigh {
			t.choose(m, f, t.candidates(f, "", nil))
		}
	}
	if km.Keys[Parent] == "" {
		t.choose(m, Parent, t.candidates(Parent, "", nil))
	}
}
