// Package otlp reads OTLP JSON, whole or cut apart, in every spelling that libraries give it.
package otlp
