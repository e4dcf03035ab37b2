// Package live asks the tracing backends that are already there: Jaeger, by its api_v3 and by its older JSON API, Grafana
// Tempo, and what imitates them.
//
//	Config --Open--> Backend --Find--> slices --requests--> server
//	                    |                 |
//	                  Trace            documents --> sources.Feed --> trace.Set, and an Answer that says who answered what
//
// Open opens no socket: the first question does, and asks which server it is.
//
// What belongs here: connections, the servers' calls, and how a window is cut so that no limit loses a trace in silence.
// What does not: reading documents, which the formats of package sources do, and what of a query a server can be asked,
// which package ask says.
package live
