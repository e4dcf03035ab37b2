package facts

import "tracefall/sources/trace"

// Place says where in a span a value stands.
type Place uint8

// The places.
const (
	PlaceAttribute Place = iota
	PlaceEvent           // an event's attributes
	PlaceLink            // a link's attributes
	PlaceName            // the span's name
	PlaceStatus          // the message of its status
	PlaceState           // tracestate, of the span or of a link
	PlaceResource
)

var placeNames = [...]string{"attribute", "event attribute", "link attribute", "span name", "status message", "tracestate", "resource attribute"}

// String returns the place as findings spell it.
func (p Place) String() string { return placeNames[p] }

// EachText visits every text that span i carries, numbers as their decimal text: its name, status message,
// tracestate, and the attributes of the span, its events and its links. Resources are shared by spans; see
// EachResourceText.
func (f *Facts) EachText(i int, visit func(place Place, key, value string)) {
	s := f.Trace.Span(i)
	visit(PlaceName, "", s.Name())
	eachAttr(s.Attrs(), PlaceAttribute, visit)
	if text := s.StatusMessage(); text != "" {
		visit(PlaceStatus, "", text)
	}
	if text := s.TraceState(); text != "" {
		visit(PlaceState, "", text)
	}
	for n := range s.Events() {
		eachAttr(s.Event(n).Attrs(), PlaceEvent, visit)
	}
	for _, l := range s.Links() {
		if text := l.TraceState(); text != "" {
			visit(PlaceState, "", text)
		}
		eachAttr(l.Attrs(), PlaceLink, visit)
	}
}

// EachResourceText visits every text of span i's resource.
func (f *Facts) EachResourceText(i int, visit func(place Place, key, value string)) {
	eachAttr(f.Trace.Span(i).Resource().Attrs(), PlaceResource, visit)
}

// eachAttr visits texts as they are, and integers of as many digits as a card number may have.
func eachAttr(attrs trace.Attrs, place Place, visit func(place Place, key, value string)) {
	const shortest = 100 // smaller numbers open nothing
	for n := range attrs.Len() {
		switch v := attrs.Value(n); v.Type() {
		case trace.TypeString, trace.TypeJSON:
			visit(place, attrs.Key(n), v.Text())
		case trace.TypeInt:
			if v.Int() >= shortest {
				visit(place, attrs.Key(n), v.String())
			}
		default: // no text
		}
	}
}
