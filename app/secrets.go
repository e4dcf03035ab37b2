package app

import "tracefall/diagnose/secrets"

// maskSecrets masks the secrets in a value that is shown or copied, and reports whether there were any. E-mail addresses
// stay: they say who was affected.
func maskSecrets(key, value string) (string, bool) { return secrets.Mask(key, value, false) }

// holdsSecret reports whether a value must not be written into a query. A query outlives the screen: it stands in the
// history file and in the command that is copied. So what is masked on the screen is never written into one by the
// program, and a query that was typed with it is kept nowhere.
func holdsSecret(key, value string) bool {
	_, ok := secrets.Opens(key, value)
	return ok
}
