package app

import (
	"tracefall/diagnose/secrets"
	"tracefall/views"
)

// maskSecrets masks the secrets in a value that is shown or copied, and reports whether there were any. E-mail addresses
// stay: they say who was affected.
func maskSecrets(key, value string) (string, bool) { return secrets.Mask(key, value, false) }

// toggleReveal shows the secrets in values, or masks them again.
func (m *model) toggleReveal() {
	m.reveal = !m.reveal
	if m.reveal {
		m.say("secrets are shown and copied as they are; " + m.keys.key(views.Reveal) + " masks them again")
		return
	}
	m.say("secrets are masked")
}
