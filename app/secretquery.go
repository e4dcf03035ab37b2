package app

import (
	"strings"

	"tracefall/diagnose/secrets"
	"tracefall/sources/query"
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

// secretQuery reports whether a query holds a secret: by itself, by the key that a value is compared with, or because it
// names a value of the loaded spans that is masked.
func (m *model) secretQuery(text string) bool {
	if text == "" {
		return false
	}
	if holdsSecret("", text) {
		return true
	}
	q, err := query.Parse(text)
	if err != nil {
		return false
	}
	for _, c := range q.Constants() {
		if holdsSecret("", c.Key) || holdsSecret(c.Key, c.Value) || c.Part && c.Value != "" && holdsSecret(c.Key, wholeSecret) ||
			m.words.ofSet.Hidden(c.Value) || m.words.ofTrace.Hidden(c.Value) {
			return true
		}
	}
	return false
}

// wholeSecret stands for the value that a pattern is a part of: too short a part looks like no secret, whatever the key
// says.
const wholeSecret = "Zk4-unl1kely"

// secretWords reports whether one of the words of a command, quoted for a shell, holds a secret.
func (m *model) secretWords(words []string) bool {
	for _, word := range words {
		if m.secretQuery(strings.ReplaceAll(strings.Trim(word, "'"), `'\''`, "'")) {
			return true
		}
	}
	return false
}
