// Package semconv reads the attributes of spans whatever their exporter called them: one field for each meaning, and what
// the fields say of a span: its class, the side of a call it is, whom it called, how it ended.
package semconv
