package query

// About is what a query asks about. Spans that it divides differ in that by themselves.
type About struct {
	Keys      []string // attributes, under all their names
	Errors    bool     // whether something failed
	Durations bool     // how long something took
}

// About returns what the query asks about, its terms and its stages.
func (q *Query) About() About {
	var a About
	for _, r := range q.refs() {
		if r.field == fieldNone {
			a.Keys = append(append(a.Keys, r.key), SameNames(r.key)...)
		}
		a.note(max(r.field, r.instead))
	}
	return a
}

// note takes note of a field.
func (a *About) note(f field) {
	switch f {
	case fieldError, fieldStatus, fieldStatusMessage, fieldTraceErrors, fieldRootStatus, fieldRootError:
		a.Errors = true
	case fieldDuration, fieldSelf, fieldTraceDuration, fieldRootDuration:
		a.Durations = true
	default:
	}
}
