package palette

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tracefall/sources/trace"
)

// IDGuess is a trace id found in a text that somebody pasted.
type IDGuess struct {
	ID   trace.TraceID
	Low  bool         // only the lower 64 bits are known: any trace that ends with them is meant
	Span trace.SpanID // the span that the text names along with it, zero for none
	Form string       // how it was written, as one would say it: "traceparent", "X-Ray", "decimal"
	From int          // where it stands in the text, in bytes
	To   int
}

// maxIDText bounds how much of a pasted text is searched, in bytes: several screens of log lines.
const maxIDText = 64 << 10

// maxGuesses bounds how many ids are taken from one text.
const maxGuesses = 32

// idForm is one way in which trace ids are written.
type idForm struct {
	name    string
	pattern *regexp.Regexp // groups: the id, the span id if there is one
	read    func(groups []string) (IDGuess, bool)
}

const (
	hex1to16 = `[0-9a-fA-F]{1,16}`
	hex16    = `[0-9a-fA-F]{16}`
	hex32    = `[0-9a-fA-F]{32}`
	uuid     = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`
	// between is what stands between a key and its value: "k=v", "k: v", {"k":"v"}, {\"k\":\"v\"}, <k>v
	between = `["'\\\]>]*\s*[=: >]\s*[\["'\\<]*`
	word    = `(?:^|[^0-9A-Za-z_])` // what may stand before a bare id
)

// idForms are searched in this order, the surest first; what one has found is not searched by the next.
var idForms = []idForm{
	{"traceparent", regexp.MustCompile(word + `[0-9a-fA-F]{2}-(` + hex32 + `)-(` + hex16 + `)-[0-9a-fA-F]{2}`), readHex},
	{"X-Ray", regexp.MustCompile(word + `1-([0-9a-fA-F]{8}-[0-9a-fA-F]{24})(?:;\s*[Pp]arent=(` + hex16 + `))?`), readHex},
	{"uber-trace-id", regexp.MustCompile(`(?i:uber-?trace-?id` + between + `)([0-9a-fA-F]{1,32})(?::|%3[aA])(` + hex1to16 + `)(?::|%3[aA])`), readHex},
	{"uber-trace-id", regexp.MustCompile(word + `([0-9a-fA-F]{8,32})(?::|%3[aA])(` + hex1to16 + `)(?::|%3[aA])` + hex1to16 + `(?::|%3[aA])[0-9a-fA-F]{1,2}`), readHex},
	{"Datadog", regexp.MustCompile(`(?i:dd[._]trace[._]?id|x-datadog-trace-id)` + between + `([0-9]{1,20})`), readDecimal},
	{"trace id", regexp.MustCompile(`(?i:trace[._ -]?id)` + between + `(` + uuid + `|[0-9a-fA-F]{8,32})`), readHex},
	{"base64", regexp.MustCompile(`(?i:trace[._-]?id)` + between + `([A-Za-z0-9+/]{22}==)`), readBase64},
	{"Jaeger address", regexp.MustCompile(`/traces?/([0-9a-fA-F]{5,32})`), readHex},
	{"b3", regexp.MustCompile(word + `(` + hex32 + `|` + hex16 + `)-(` + hex16 + `)(?:-[01d])?(?:-` + hex16 + `)?`), readHex},
	{"id", regexp.MustCompile(word + `(` + uuid + `)`), readHex},
	{"id", regexp.MustCompile(word + `(?:0x)?(` + hex32 + `)`), readHex},
	{"id", regexp.MustCompile(word + `(?:0x)?(` + hex16 + `)`), readHex},
	{"decimal", regexp.MustCompile(`^\s*([0-9]{10,20})\s*$`), readDecimal},
}

// ExtractIDs finds the trace ids in a text: log lines, request and response headers, JSON, addresses of tracing
// backends, bare ids, each with the span that its line names. It knows W3C traceparent, AWS X-Ray, Jaeger, B3, Datadog's decimal numbers, dashed and
// upper-case ids and those without their leading zeros. The surest are first. A number of 10 to 20 digits after
// "trace id" is taken for hexadecimal and, where it can be, for decimal as well: two guesses.
func ExtractIDs(text string) []IDGuess {
	text = text[:min(len(text), maxIDText)]
	s := idSearch{text: text}
	for _, form := range idForms {
		for _, at := range form.pattern.FindAllStringSubmatchIndex(text, maxGuesses) {
			if len(s.found) < maxGuesses {
				s.add(form, at)
			}
		}
	}
	s.findSpans()
	return s.found
}

// idSearch is the state of one search.
type idSearch struct {
	text  string
	taken [][2]int // what was understood, from and to
	found []IDGuess
	spans [][2]int // ids that are spans'
}

// add appends what a match says, unless it lies where something was understood already or says the same again.
func (s *idSearch) add(f idForm, at []int) {
	from, end := at[2], at[1]
	if end < len(s.text) && isIDByte(s.text[end]) && isIDByte(s.text[end-1]) {
		return // part of something longer
	}
	overlaps := func(t [2]int) bool { return from < t[1] && t[0] < end }
	if slices.ContainsFunc(s.taken, overlaps) {
		return
	}
	groups := make([]string, 0, 2)
	for i := 2; i+1 < len(at); i += 2 {
		if at[i] >= 0 {
			groups = append(groups, s.text[at[i]:at[i+1]])
		}
	}
	for _, guess := range f.guesses(groups) {
		guess.From, guess.To = from, at[3]
		same := func(g IDGuess) bool { return g.ID == guess.ID && g.Low == guess.Low }
		if !slices.ContainsFunc(s.found, same) {
			s.found = append(s.found, guess)
		}
		s.taken = append(s.taken, [2]int{from, end})
	}
}

// guesses reads a match, in both ways where it can be a decimal number or a hexadecimal one.
func (f idForm) guesses(groups []string) []IDGuess {
	var guesses []IDGuess
	if g, ok := f.read(groups); ok {
		g.Form = f.name
		guesses = append(guesses, g)
	}
	digits := strings.Trim(groups[0], "0123456789") == ""
	if !digits || len(groups[0]) < 10 || len(groups[0]) > 20 {
		return guesses
	}
	other, name := readDecimal, "decimal"
	if f.name == "Datadog" || f.name == "decimal" {
		other, name = readHex, "trace id"
	}
	if g, ok := other(groups); ok {
		g.Form = name
		guesses = append(guesses, g)
	}
	return guesses
}

func readHex(groups []string) (IDGuess, bool) {
	text := strings.ReplaceAll(groups[0], "-", "")
	g := IDGuess{ID: trace.ParseTraceID(text)}
	if g.ID.Text != "" || g.ID.IsZero() {
		return g, false
	}
	g.Low = len(text) <= 16
	if len(groups) > 1 {
		g.Span = trace.ParseSpanID(groups[1])
	}
	return g, true
}

func readDecimal(groups []string) (IDGuess, bool) {
	n, err := strconv.ParseUint(groups[0], 10, 64)
	return IDGuess{ID: trace.TraceID{Lo: n}, Low: true}, err == nil && n != 0
}

func readBase64(groups []string) (IDGuess, bool) {
	raw, err := base64.StdEncoding.DecodeString(groups[0])
	if err != nil || len(raw) != 16 {
		return IDGuess{}, false
	}
	return readHex([]string{hex.EncodeToString(raw)})
}
