// Package app is the explorer: the one Bubble Tea model, the stack of screens, jobs, layout and bindings.
//
//	key --> model.Update --> focused screen's binding --> views.Action (a value, returned now)
//	                                                            |
//	                                                   do(action): a setter, or a job
//	job: a goroutine over immutable inputs --> progress --> result{kind, generation} --> stale? dropped : setters
//
// What belongs here: what joins the screens with the engine. What does not: parsing of trace files (sources), algorithms
// (diagnose), cell arithmetic (views, views/draw), commands that print (app/cli, app/report).
package app
