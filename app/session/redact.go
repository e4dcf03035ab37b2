package session

import (
	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// Masking says whether secrets are shown as they are or masked.
type Masking struct{ Reveal bool }

// Text masks the secrets in a text without a key.
func (m Masking) Text(text string) string { return m.Value("", text) }

// Value masks the secrets in a value.
func (m Masking) Value(key, text string) string {
	if m.Reveal {
		return text
	}
	masked, _ := secrets.Mask(key, text, false)
	return masked
}

// Finding returns a finding without secrets in its words: messages quote what exceptions say.
func (m Masking) Finding(f *rule.Finding) *rule.Finding {
	title, where, message := m.Text(f.Title), m.Text(f.Where), m.Text(f.Message)
	if title == f.Title && where == f.Where && message == f.Message {
		return f
	}
	masked := *f
	masked.Title, masked.Where, masked.Message = title, where, message
	masked.WhereService = m.Text(f.WhereService)
	return &masked
}

// Redact masks the secrets in an attribute of an export, e-mail addresses too: exports are given to others.
func Redact(key string, value trace.Value) (string, bool) {
	switch value.Type() {
	case trace.TypeString, trace.TypeBytes, trace.TypeJSON:
		return secrets.Mask(key, value.Text(), true)
	case trace.TypeInt, trace.TypeFloat: // a card number, a PIN, a password
		return secrets.Mask(key, value.String(), true)
	default:
		return "", false
	}
}

// RedactText masks the secrets in a name or a message of an export.
func RedactText(text string) string {
	masked, _ := secrets.Mask("", text, true)
	return masked
}
