package secrets

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/sources/trace"
)

// Kind is what a secret is.
type Kind string

// The kinds of secrets. An e-mail address is personal rather than secret; everything else opens or pays something.
const (
	Password Kind = "password"
	Token    Kind = "token"
	Key      Kind = "key"
	Cookie   Kind = "cookie"
	Session  Kind = "session"
	Private  Kind = "private key"
	Card     Kind = "payment card number"
	Code     Kind = "card verification code"
	OneTime  Kind = "one-time code"
	PIN      Kind = "PIN"
	SSN      Kind = "social security number"
	IBAN     Kind = "IBAN"
	Email    Kind = "e-mail address"
)

// Label names the kind in a sentence, where its own name would be read as something else.
func (k Kind) Label() string {
	switch k {
	case Key:
		return "secret key" // not the key of an attribute
	case Session:
		return "session id"
	default:
		return string(k)
	}
}

// Part is a stretch of a value that should not be shown: bytes From up to To.
type Part struct {
	Kind     Kind
	From, To int
	// Sure is set where key and value together leave no doubt. The others are masked all the same.
	Sure bool
}

// MaskText stands for a secret where it is masked, whatever its length was.
const MaskText = "****"

// Find returns the secrets of a value, in order and without overlap. key is the attribute's key, "" for a text
// without one, such as a span's name. It is linear in the value, and quick where there is nothing to find.
func Find(key, value string) []Part {
	if len(value) < 3 {
		return nil
	}
	s := search{key: key, v: value}
	if claim := claimOf(key); claim.kind != "" && claimed(&s, claim) {
		return s.found
	}
	text(&s)
	if len(s.found) == 0 {
		return nil
	}
	return joined(s.found)
}

// Mask returns the value with its secrets replaced by MaskText, and whether there were any. E-mail addresses stay
// unless personal is set.
func Mask(key, value string, personal bool) (masked string, ok bool) {
	var b strings.Builder
	at := 0
	for _, s := range Find(key, value) {
		if s.Kind == Email && !personal {
			continue
		}
		b.WriteString(value[at:s.From])
		b.WriteString(MaskText)
		at, ok = s.To, true
	}
	if !ok {
		return value, false
	}
	b.WriteString(value[at:])
	return b.String(), true
}

// Opens reports whether a value holds something that opens or pays something, and of which kind the first is. key is
// the attribute's key, or "" for a text without one. E-mail addresses are none.
func Opens(key, value string) (kind Kind, ok bool) {
	for _, part := range Find(key, value) {
		if part.Kind != Email {
			return part.Kind, true
		}
	}
	return "", false
}

// Masked returns a text without a key as it may be shown: with its secrets masked. Names of services, spans and
// scopes and the keys of attributes hold secrets where nobody normalised them.
func Masked(text string) string {
	masked, _ := Mask("", text, false)
	return masked
}

// SpanName returns the span's name as it may be shown: with its secrets masked. Names hold URLs and commands where
// nobody normalised them.
func SpanName(s trace.Span) string { return Masked(s.Name()) }

// ServiceName returns the name of the span's service as it may be shown.
func ServiceName(s trace.Span) string { return Masked(s.Service()) }

// joined puts parts in order; those that overlap become one, of the kind that begins first and is longest.
func joined(all []Part) []Part {
	slices.SortStableFunc(all, func(x, y Part) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(y.To, x.To))
	})
	kept := all[:0]
	for _, s := range all {
		n := len(kept)
		switch {
		case n == 0 || kept[n-1].To <= s.From:
			kept = append(kept, s)
		case s.Kind == Email: // part of a secret
		case kept[n-1].Kind == Email:
			s.From = kept[n-1].From
			s.To = max(s.To, kept[n-1].To)
			kept[n-1] = s
		default:
			kept[n-1].To = max(kept[n-1].To, s.To)
			kept[n-1].Sure = kept[n-1].Sure || s.Sure
		}
	}
	return kept
}

// claimed looks at a value whose key names a secret, and reports whether that settled it.
func claimed(s *search, c claim) bool {
	trimmed := strings.TrimSpace(s.v)
	if trimmed == "" {
		return true
	}
	if from := strings.IndexByte(s.v, trimmed[0]); trimmed[0] == '[' || trimmed[0] == '{' {
		if to, ok := s.container(c, from); ok && to >= from+len(trimmed) && len(s.found) > 0 {
			text(s)
			s.found = joined(s.found)
			return true
		}
		s.found = s.found[:0]
	}
	if ok, sure := c.holds(s.v); ok {
		s.add(c.kind, 0, len(s.v), sure)
		return true
	}
	return maskedAlready(s.v)
}
