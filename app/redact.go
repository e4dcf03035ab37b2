package app

import (
	"tracefall/diagnose"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// masking says whether secrets are shown as they are or masked.
type masking struct{ reveal bool }

// text masks the secrets in a text without a key.
func (m masking) text(text string) string { return m.value("", text) }

// value masks the secrets in a value.
func (m masking) value(key, text string) string {
	if m.reveal {
		return text
	}
	masked, _ := secrets.Mask(key, text, false)
	return masked
}

// finding returns a finding without secrets in its words: messages quote what exceptions say.
func (m masking) finding(f *diagnose.Finding) *diagnose.Finding {
	title, message := m.text(f.Title), m.text(f.Message)
	if title == f.Title && message == f.Message {
		return f
	}
	masked := *f
	masked.Title, masked.Message = title, message
	return &masked
}

// redact masks the secrets in an attribute of an export, e-mail addresses too: exports are given to others.
func redact(key string, value trace.Value) (string, bool) {
	switch value.Type() {
	case trace.TypeString, trace.TypeBytes, trace.TypeJSON:
		return secrets.Mask(key, value.Text(), true)
	case trace.TypeInt, trace.TypeFloat: // a card number, a PIN, a password
		return secrets.Mask(key, value.String(), true)
	default:
		return "", false
	}
}

// redactText masks the secrets in a name or a message of an export.
func redactText(text string) string {
	masked, _ := secrets.Mask("", text, true)
	return masked
}
