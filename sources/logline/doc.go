// Package logline reads the lines that a log store answers with: VictoriaLogs in JSON lines, Loki in one document of
// streams.
//
//	answer --Victoria, Loki--> fields --recognised by their names--> Line
//
// What belongs here: what a line is, and which of its fields say when, how severe, of which span and of which service it
// is. What does not: asking a server, which package live does.
package logline
