// Package tracelist is the screen of all traces: a header, durations over time, the query, a table.
package tracelist
