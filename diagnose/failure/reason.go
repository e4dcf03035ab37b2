package failure

import (
	"strconv"
	"strings"
	"unicode"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
)

// Reason names in one word how span i ended badly: "503", "UNAVAILABLE", "ECONNREFUSED", "timeout"; "" where it
// did not.
func Reason(f *facts.Facts, i int) string {
	if f.Outcome(i) < semconv.OutcomeSoft {
		return ""
	}
	var c semconv.Canonical
	f.Canonical(i, &c)
	if status, ok := c.Int(semconv.HTTPStatus); ok && status >= 400 && status < 600 {
		reason := strconv.FormatInt(status, 10)
		switch {
		case f.Failure(i) != semconv.ErrorInjected:
			return reason
		case strings.Contains(c.Text(semconv.MeshFlags), semconv.DelayInjected):
			return reason + ", delay injected by the proxy"
		}
		return reason + ", injected by the proxy"
	}
	if code := semconv.RPCCode(&c); code != "" && code != "OK" {
		return code
	}
	if t := oneLine(c.Text(semconv.ErrorType)); t != "" && t != "_OTHER" && len(t) <= 80 {
		return t
	}
	if f.Failure(i) != semconv.ErrorOther {
		return f.Failure(i).String()
	}
	return Unspecified
}

// Unspecified is the reason of a failure that records none.
const Unspecified = "error"

// InBrackets is the reason of a failure as it stands behind "failed": " (503)", "" where none is recorded.
func InBrackets(f *facts.Facts, i int) string {
	if reason := Reason(f, i); reason != Unspecified && reason != "" {
		return " (" + reason + ")"
	}
	return ""
}

// Class names in one word how span i failed, the same word whatever the export's spelling: a HTTP status, else the class
// of the error; "" where that is not known.
func Class(f *facts.Facts, i int) string {
	var c semconv.Canonical
	f.Canonical(i, &c)
	if status, ok := c.Int(semconv.HTTPStatus); ok && status >= 400 && status < 600 {
		return strconv.FormatInt(status, 10)
	}
	if f.Failure(i) != semconv.ErrorOther {
		return f.Failure(i).String()
	}
	return ""
}

// Message returns what the export says about how span i ended badly, on one line of at most 160 characters,
// "" where it says nothing. The first text that is a sentence counts before the name of an exception.
func Message(f *facts.Facts, i int) string {
	var c semconv.Canonical
	f.Canonical(i, &c)
	first := ""
	for _, text := range semconv.ErrorTexts(f.Trace.Span(i), &c) {
		text = oneLine(text)
		if strings.Contains(text, " ") {
			return text
		}
		if first == "" {
			first = text
		}
	}
	return first
}

// oneLine makes a text fit to be quoted: secrets are masked, control characters and runs of space become one space,
// and it is cut.
func oneLine(text string) string {
	const (
		longest = 160
		read    = 4 * longest // messages can be whole stack traces
	)
	if len(text) > read {
		text = strings.ToValidUTF8(text[:read], "")
	}
	text, _ = secrets.Mask("", text, false)
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return text
}
