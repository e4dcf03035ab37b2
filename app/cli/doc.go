// Package cli is the command line: the commands, their flags, and what they end with.
//
//	main --> Run --> cobra --> a command's flags: run --> open inputs --> report           (show, query, export …)
//	                                                \----> app.Explore                     (the explorer)
//
// Flags come before the environment, the environment before the configuration file. What is printed is in app/report.
package cli
