package patterns

import (
	"strings"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
)

// Calculates reports whether query i reads no table but calls a function: a sequence, a lock, a procedure. It may answer
// differently each time, or change something.
func Calculates(f *facts.Facts, i int) bool {
	if f.Class(i) != semconv.ClassSQL {
		return false
	}
	tables := f.Detail(i).Statement.Tables
	return (len(tables) == 0 || len(tables) == 1 && tables[0] == "dual") &&
		(strings.Contains(f.Op(i).Template, "(") || strings.Contains(strings.ToLower(f.Op(i).Template), "nextval"))
}
