// Package logs is the tab of what was logged during a trace: the lines of a log store by time, and the one under the
// cursor below them, whole.
//
//	Show --AskLogs--> the program asks the log store --Read--> SetLines --filter--> rows
//
// Nothing is asked before the tab comes to the front.
package logs
