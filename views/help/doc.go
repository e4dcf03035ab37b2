// Package help is the page of all keys and signs, and the page about the query language.
package help
