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
		if r.Field == FieldNone {
			a.Keys = append(append(a.Keys, r.Key), SameNames(r.Key)...)
		}
		a.note(max(r.Field, r.Instead))
	}
	return a
}

// note takes note of a field.
func (a *About) note(f Field) {
	switch f {
	case FieldError, FieldStatus, FieldStatusMessage, FieldTraceErrors, FieldRootStatus, FieldRootError:
		a.Errors = true
	case FieldDuration, FieldSelf, FieldTraceDuration, FieldRootDuration:
		a.Durations = true
	default:
	}
}

// Column is what select(…) names: a field or an attribute.
type Column struct {
	Name string // as the language writes it
	Key  string // of an attribute, "" for a field
}

// Selected lists what the query's select(…) name, in the order of the text.
func (q *Query) Selected() []Column {
	var all []Column
	for i := range q.Stages {
		for _, r := range q.Stages[i].Refs {
			all = append(all, Column{FormatRef(r), r.Key})
		}
	}
	return all
}
