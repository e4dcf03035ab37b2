package tracelist

import "tracefall/sources/trace"

// Arranger arranges traces as a list sorts and groups them. Of a million traces that takes a quarter of a second: it is done
// beside the program, by any goroutine, before the list is given what it shows next.
//
//	list.Arranger() --> job: OfSet, OfFindings or OfFilter --Arrangement--> list.Use, then SetSet, SetFindings or SetFilter
type Arranger struct {
	shown
	by                Column
	descending, apart bool
}

// Arrangement is rows and groups of a list, for what they were made of and as it was sorted then. It belongs to the list that
// uses it.
type Arrangement struct {
	shown
	groups
	by         Column
	descending bool
}

// Arranger returns what arranges traces as they are sorted and grouped now.
func (l *List) Arranger() Arranger {
	of := l.shown
	of.rows = nil // what the list goes on with
	return Arranger{of, l.Sort, l.Descending, l.apart}
}

// OfSet arranges all traces of a set.
func (a Arranger) OfSet(set *trace.Set) *Arrangement {
	a.shown = shown{set: set}
	return a.arrange()
}

// OfFindings arranges what the list shows by what was found in it.
func (a Arranger) OfFindings(f Findings) *Arrangement {
	if f.Set != nil && f.Set != a.set { // the list still shows what was loaded before
		a.set, a.filter = f.Set, nil
	}
	a.findings = f
	return a.arrange()
}

// OfFilter arranges the traces that match.
func (a Arranger) OfFilter(f *Filter) *Arrangement {
	if a.filter = f; f.Set != nil && f.Set != a.set {
		a.set, a.findings = f.Set, Findings{}
	}
	return a.arrange()
}

func (a Arranger) arrange() *Arrangement {
	made := &Arrangement{a.shown, groups{apart: a.apart}, a.sortOf(a.by), a.descending}
	made.order(made.by, made.descending)
	made.groups.arrange(&made.shown)
	return made
}

// Use gives the list an arrangement of what it is given next. Where that is something else, or the list is sorted in another
// way by now, it arranges the traces itself.
func (l *List) Use(a *Arrangement) { l.ready = a }

// fits reports whether an arrangement is that of what a list shows.
func (a *Arrangement) fits(l *List) bool {
	return a.set == l.set && a.filter == l.filter && a.by == l.Sort && a.descending == l.Descending && a.apart == l.apart &&
		a.findings.Set == l.findings.Set && a.findings.Counts == l.findings.Counts
}

// take shows an arrangement.
func (l *List) take(a *Arrangement) {
	a.from, a.to = l.from, l.to
	l.shown = a.shown
	l.kinds, l.groups.list = a.kinds, a.groups.list
}
