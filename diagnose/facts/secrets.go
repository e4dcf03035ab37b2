package facts

import (
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// SecretPart is a stretch of a value that should not be shown: bytes From up to To.
type SecretPart = secrets.Part

// SecretKind is what a secret is.
type SecretKind = secrets.Kind

// The kinds of secrets, as package secrets has them.
const (
	SecretPassword = secrets.Password
	SecretToken    = secrets.Token
	SecretKey      = secrets.Key
	SecretCookie   = secrets.Cookie
	SecretSession  = secrets.Session
	SecretPrivate  = secrets.Private
	SecretCard     = secrets.Card
	SecretCode     = secrets.Code
	SecretPIN      = secrets.PIN
	SecretSSN      = secrets.SSN
	SecretIBAN     = secrets.IBAN
	SecretEmail    = secrets.Email
)

// MaskText stands for a secret where it is masked; whatever its length was.
const MaskText = secrets.MaskText

// Secrets finds the secrets of a value.
func Secrets(key, value string) []SecretPart { return secrets.Find(key, value) }

// Secret reports whether a value holds something that opens or pays something, and of which kind the first is.
func Secret(key, value string) (kind SecretKind, ok bool) { return secrets.Opens(key, value) }

// Mask returns the value with its secrets replaced by MaskText, and whether there were any.
func Mask(key, value string, personal bool) (masked string, ok bool) {
	return secrets.Mask(key, value, personal)
}

// MaskedText returns a text without a key as it may be shown.
func MaskedText(text string) string { return secrets.Masked(text) }

// SpanName returns the span's name as it may be shown.
func SpanName(s trace.Span) string { return secrets.SpanName(s) }

// ServiceName returns the name of the span's service as it may be shown.
func ServiceName(s trace.Span) string { return secrets.ServiceName(s) }
