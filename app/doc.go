// Package app is the program: its commands, the session, jobs, the one Bubble Tea model and the layout.
//
//	main --> Run --> cobra commands --> open inputs --> print           (show, query, export …)
//	                                            \----> explore          (the explorer)
//
//	key --> model.Update --> focused screen's Do or Type --> views.Action (a value, returned now)
//	                                                            |
//	                                                   do(action): a setter, or a job
//	job: a goroutine over immutable inputs --> progress --> result{kind, generation} --> stale? dropped : setters
//
// What belongs here: what joins the other packages, and everything that touches the outside world: arguments,
// environment, configuration, terminal, signals. What does not: parsing of trace files (sources), algorithms
// (diagnose), cell arithmetic (views, views/draw).
package app
