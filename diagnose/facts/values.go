package facts

import "tracefall/diagnose/secrets"

// Place says where in a span a value stands.
type Place = secrets.Place

// EachText visits every text that span i carries.
func (f *Facts) EachText(i int, visit func(place Place, key, value string)) {
	secrets.EachText(f.Trace.Span(i), visit)
}

// EachResourceText visits every text of span i's resource.
func (f *Facts) EachResourceText(i int, visit func(place Place, key, value string)) {
	secrets.EachResourceText(f.Trace.Span(i).Resource(), visit)
}

// EachScopeText visits every text of span i's scope.
func (f *Facts) EachScopeText(i int, visit func(place Place, key, value string)) {
	secrets.EachScopeText(f.Trace.Span(i).Scope(), visit)
}
