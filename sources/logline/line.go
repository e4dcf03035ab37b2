package logline

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tracefall/sources/trace"
)

// Line is one that was logged. Its texts are what others wrote: they are cleaned and masked where they are drawn.
type Line struct {
	Time     int64 // ns since the epoch
	Text     string
	Severity Severity
	Span     trace.SpanID // that it was logged in, zero where no field says so
	Service  string       // "" where no field says so
	Fields   []Field      // the others, by name
}

// Field is what a line says beside its text.
type Field struct{ Name, Value string }

// Severity is how severe a line is, as OpenTelemetry tells severities apart.
type Severity uint8

// The severities, the least first.
const (
	Unset Severity = iota // no field says so
	Trace
	Debug
	Info
	Warn
	Error
	Fatal
)

// String names a severity in at most five letters, "" where it is not set.
func (s Severity) String() string {
	return [...]string{"", "trace", "debug", "info", "warn", "error", "fatal"}[s]
}

// spelled are how severities are written, by how the word begins.
var spelled = []struct {
	word string
	is   Severity
}{
	{"trac", Trace}, {"verb", Trace}, {"finest", Trace}, {"debug", Debug}, {"dbg", Debug}, {"fine", Debug}, {"info", Info}, {"notice", Info},
	{"warn", Warn}, {"wrn", Warn}, {"err", Error}, {"severe", Error}, {"crit", Fatal}, {"fatal", Fatal}, {"panic", Fatal}, {"emerg", Fatal}, {"alert", Fatal},
}

// parseSeverity reads a severity as a word, or as a number of the scale that its field has.
func parseSeverity(text string, scale func(int) Severity) Severity {
	if n, err := strconv.Atoi(text); err == nil && scale != nil {
		return scale(n)
	}
	word := strings.ToLower(text[:min(len(text), 16)])
	for _, one := range spelled {
		if strings.HasPrefix(word, one.word) {
			return one.is
		}
	}
	return Unset
}

// otelScale is OpenTelemetry's severity number: four steps for each severity from 1 on.
func otelScale(n int) Severity {
	if n < 1 || n > 24 {
		return Unset
	}
	return Severity((n-1)/4) + Trace
}

// tensScale is what Bunyan and Pino write: tens from 10 on.
func tensScale(n int) Severity {
	if n < 10 || n > 60 {
		return Unset
	}
	return Severity(n / 10)
}

// meaning is what a field is for its line.
type meaning uint8

const (
	meansText meaning = iota
	meansSeverity
	meansSpan
	meansService
)

// known is the meaning of a name, the best name first, and the scale of the number of a severity.
type known struct {
	name  string // in lower case, without dots, dashes and underscores
	is    meaning
	scale func(int) Severity
}

var knownNames = []known{
	{"msg", meansText, nil}, {"message", meansText, nil}, {"body", meansText, nil}, {"log", meansText, nil}, {"line", meansText, nil},
	{"severitytext", meansSeverity, nil}, {"severity", meansSeverity, nil}, {"severitynumber", meansSeverity, otelScale},
	{"level", meansSeverity, tensScale}, {"loglevel", meansSeverity, tensScale}, {"lvl", meansSeverity, nil}, {"levelname", meansSeverity, nil},
	{"detectedlevel", meansSeverity, nil},
	{"spanid", meansSpan, nil}, {"otelspanid", meansSpan, nil}, {"contextspanid", meansSpan, nil},
	{"servicename", meansService, nil}, {"service", meansService, nil}, {"otelservicename", meansService, nil}, {"resourceservicename", meansService, nil},
}

// squeezed is a name in lower case, without what joins its words.
var squeezed = strings.NewReplacer("_", "", ".", "", "-", "", "@", "")

// meaningOf returns what a name means, as a place of knownNames, -1 for nothing.
func meaningOf(name string) int {
	if len(name) > 32 {
		return -1
	}
	name = strings.ToLower(squeezed.Replace(name))
	return slices.IndexFunc(knownNames, func(k known) bool { return k.name == name })
}

// lineOf makes a line of its fields. Of several fields that mean the same, the best name counts, and the rest stay fields.
func lineOf(at int64, text string, fields []Field) Line {
	l := Line{Time: at, Text: text}
	order := make([]int, len(fields))
	for n, f := range fields {
		order[n] = meaningOf(f.Name)
	}
	for k, name := range knownNames {
		for n := range fields {
			if order[n] == k && l.take(name, fields[n].Value) {
				order[n] = taken
			}
		}
	}
	for n, f := range fields {
		if order[n] != taken {
			l.Fields = append(l.Fields, f)
		}
	}
	slices.SortStableFunc(l.Fields, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	return l
}

// taken marks a field that became a part of the line.
const taken = -2

// take makes the value of a known field a part of the line. It reports whether the value is one, and the first.
func (l *Line) take(k known, value string) bool {
	switch {
	case value == "":
	case k.is == meansText && l.Text == "":
		l.Text = value
		return true
	case k.is == meansSeverity && l.Severity == Unset:
		l.Severity = parseSeverity(value, k.scale)
		return l.Severity != Unset
	case k.is == meansSpan && l.Span.IsZero():
		l.Span = trace.ParseSpanID(value)
		return !l.Span.IsZero()
	case k.is == meansService && l.Service == "":
		l.Service = value
		return true
	}
	return false
}

// byTime sorts lines by their times; equal ones stay as they came.
func byTime(lines []Line) {
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(a.Time, b.Time) })
}
