package flat

import (
	"strings"
)

// problem says what a mapping lacks to be one of spans; whole where it lacks nothing. It says nothing of records that
// have no ids at all.
func (t *table) problem(m *Mapping) (text string, whole bool) {
	trace := len(m.Sources[Trace]) > 0 || m.Outer != ""
	var missing []string
	for _, need := range []struct {
		name string
		ok   bool
	}{
		{"a trace id", trace},
		{"a span id", len(m.Sources[Span]) > 0},
		{"a span name", len(m.Sources[Name]) > 0},
		{"a plausible start time", len(m.Sources[Start]) > 0 || len(m.Sources[End]) > 0 && len(m.Sources[Duration]) > 0},
		{"an end time or a duration", len(m.Sources[End]) > 0 || len(m.Sources[Duration]) > 0},
	} {
		if !need.ok {
			missing = append(missing, need.name)
		}
	}
	switch {
	case !trace && len(m.Sources[Span]) == 0:
		return "", false
	case !trace:
		return "objects with a span id but without a trace id", false
	case t.isLog(m):
		return "looks like log lines with trace ids", false
	case len(missing) > 0:
		return "objects with a trace id but without " + enumerate(missing) +
			"; map other key names in the configuration file under [format.NAME]", false
	case t.repeated(m):
		return "most objects share a span id: looks like log lines", false
	}
	return "", true
}

// isLog reports whether the records are lines of a log: they have a text and a level, and nothing that only spans have.
func (t *table) isLog(m *Mapping) bool {
	level, text := false, false
	for _, c := range t.columns {
		name := c.path.String()
		switch plain(name[strings.LastIndexByte(name, '.')+1:]) {
		case "level", "severity", "severitytext", "severitynumber", "loglevel", "lvl", "levelname", "logger", "loggername":
			level = true
		case "msg", "message", "body", "logmessage":
			text = text || strings.Count(name, ".") < 2
		}
	}
	return level && text && !m.Known && len(m.Sources[Parent]) == 0
}

// repeated reports whether most records share their ids with others: spans do not.
func (t *table) repeated(m *Mapping) bool {
	seen := map[[2]string]bool{}
	spans := t.timings(m, &column{})
	for _, s := range spans {
		seen[[2]string{s.trace, s.span}] = true
	}
	return m.Outer == "" && 2*len(seen) < len(spans)
}

// enumerate joins words as a sentence does.
func enumerate(words []string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " and " + words[n]
	}
	return strings.Join(words, "")
}
