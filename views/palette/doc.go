// Package palette is the overlay in which commands, services, operations and traces are found by typing some of them, and the
// trace ids in pasted text.
package palette
