// Package live asks running tracing backends: Jaeger, by its api_v3 and by its older JSON API, Grafana Tempo, and
// compatible servers. It also asks Loki and VictoriaLogs for the log lines of traces.
//
//	Config --Open--> Backend --Find--> slices --requests--> server
//	                    |                 |
//	                  Trace            documents --> sources.Feed --> trace.Set, and an Answer that says who answered what
//
// Open opens no socket: the first question does, and asks which server it is.
//
// What belongs here: connections, the servers' calls, and how a window is cut so that no limit loses a trace in silence.
// What does not: reading documents, which the formats of package sources do, and translating queries, which package ask
// does.
package live
