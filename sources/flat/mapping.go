package flat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Source is where a field is found.
type Source struct {
	Path Path
	Unit Unit   // of numbers; 0: there are none
	Why  string // how the unit was told, where neither the key nor the numbers say it; what was assumed
}

// Mapping says what the keys of a list of flat spans mean.
type Mapping struct {
	What    string // "flat spans", or by whose name they are known
	Known   bool   // they are known by name, or a key map of the user's says what they are
	Prefix  Path   // of the object in each record that is the span; "" where the record itself is
	List    Path   // where the spans are within a document; "" where a document is a span or a list of spans
	Outer   Path   // where the trace id is in the object around the list; "" where each span says it
	Sources [Fields][]Source
	Hints   map[string]string // words of KindHint and the kinds that they stand for
	Rename  map[string]string // attributes that are called otherwise
	Decimal bool              // ids are decimal numbers
	AtDots  bool              // @ in attribute keys stands for a dot
	UTC     bool              // times are written without a zone
	AnyTime bool              // times need not lie in our time: the user said what they are
}

// uses reports whether a path means something already.
func (m *Mapping) uses(p Path) bool {
	for _, list := range m.Sources {
		if slices.ContainsFunc(list, func(s Source) bool { return s.Path == p }) {
			return true
		}
	}
	return false
}

// AttributeName returns what the attribute of a key that means nothing is called.
func (m *Mapping) AttributeName(key string) string {
	if name := m.Rename[key]; name != "" {
		return name
	}
	if m.AtDots {
		return strings.ReplaceAll(key, "@", ".")
	}
	return key
}

// CutContainer cuts what names its container off the key of an attribute: "span.attributes.x" is x. ok is false for
// one that names none.
func CutContainer(key string) (rest string, resource, ok bool) {
	for _, c := range [...]struct {
		text     string
		resource bool
	}{
		{"span.attributes.", false}, {"attributes.", false}, {"attrs.", false}, {"tags.", false}, {"span.tags.", false},
		{"span_attr:", false}, {"resource_attr:", true}, {"resource.attributes.", true}, {"resource.", true}, {"resources.", true},
	} {
		if rest, ok := strings.CutPrefix(key, c.text); ok && rest != "" {
			return rest, c.resource, true
		}
	}
	return key, false, false
}

// Notice says in one line which key was taken for what.
func (m *Mapping) Notice() string {
	var parts []string
	if m.Outer != "" {
		parts = append(parts, fmt.Sprintf("trace id from %q around the spans", m.Outer))
	}
	for f := Trace; f <= Success; f++ {
		var from []string
		for _, s := range m.Sources[f] {
			from = append(from, s.describe(f))
		}
		if len(from) > 0 {
			parts = append(parts, titles[f]+" from "+strings.Join(from, " or "))
		}
	}
	if m.UTC {
		parts = append(parts, "timestamps without time zone read as UTC")
	}
	return strings.TrimPrefix(strings.TrimPrefix(m.What, "an "), "a ") + ": " + strings.Join(parts, ", ")
}

func (s Source) describe(f Field) string {
	text := strconv.Quote(s.Path.String())
	if !f.isTime() {
		return text
	}
	unit := "date and time"
	switch {
	case s.Unit != 0:
		unit = s.Unit.String()
	case f == Duration:
		return text
	}
	if s.Why != "" {
		unit += ", " + s.Why
	}
	return text + " (" + unit + ")"
}
