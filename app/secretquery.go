package app

import (
	"tracefall/diagnose/secrets"
)

// A query outlives the screen: it stands in the history file and in the command that is copied. So what is masked on
// the screen is never written into one by the program, and a query that was typed with it is kept nowhere.

// holdsSecret reports whether a value must not be written into a query.
func holdsSecret(key, value string) bool {
	_, ok := secrets.Opens(key, value)
	return ok
}

// Secret implements eval.Derived.
func (d *derived) Secret(key, value string) bool { return holdsSecret(key, value) }
