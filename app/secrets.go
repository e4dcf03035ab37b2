package app

import "tracefall/diagnose/secrets"

// maskSecrets masks the secrets in a value that is shown or copied, and reports whether there were any. E-mail addresses
// stay: they say who was affected.
func maskSecrets(key, value string) (string, bool) { return secrets.Mask(key, value, false) }
