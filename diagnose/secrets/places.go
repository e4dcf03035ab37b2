package secrets

import (
	"strings"

	"tracefall/sources/trace"
)

// Place says where in a span a text stands.
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
	PlaceKey       // the key of an attribute, of whatever
	PlaceEventName // an event's name
	PlaceScope     // a scope's name, version or attributes
)

var placeNames = [...]string{"attribute", "event attribute", "link attribute", "span name", "status message", "tracestate", "resource attribute", "attribute key",
	"event name", "scope"}

// String returns the place as findings spell it.
func (p Place) String() string { return placeNames[p] }

var placeLabels = [...]string{"span attributes", "event attributes", "link attributes", "span name", "status message", "tracestate", "resource attributes", "attribute key",
	"event name", "scope"}

// Label names the place in a title: "span attributes".
func (p Place) Label() string { return placeLabels[p] }

// EachText visits every text that a span carries, numbers as their decimal text: its name, status message,
// tracestate, events, links, and the attributes of all of these. Resources and scopes are shared by spans; see
// EachResourceText and EachScopeText.
func EachText(s trace.Span, visit func(place Place, key, value string)) {
	visit(PlaceName, "", s.Name())
	eachAttr(s.Attrs(), PlaceAttribute, visit)
	if text := s.StatusMessage(); text != "" {
		visit(PlaceStatus, "", text)
	}
	if text := s.TraceState(); text != "" {
		visit(PlaceState, "", text)
	}
	for n := range s.Events() {
		visit(PlaceEventName, "", s.Event(n).Name())
		eachAttr(s.Event(n).Attrs(), PlaceEvent, visit)
	}
	for _, l := range s.Links() {
		if text := l.TraceState(); text != "" {
			visit(PlaceState, "", text)
		}
		eachAttr(l.Attrs(), PlaceLink, visit)
	}
}

// EachResourceText visits every text of a resource.
func EachResourceText(r trace.Resource, visit func(place Place, key, value string)) {
	eachAttr(r.Attrs(), PlaceResource, visit)
}

// EachScopeText visits every text of a scope.
func EachScopeText(s trace.Scope, visit func(place Place, key, value string)) {
	visit(PlaceScope, "", s.Name())
	visit(PlaceScope, "", s.Version())
	eachAttr(s.Attrs(), PlaceScope, visit)
}

// oddKey reports whether a key is none of those that programs give: values are in it.
func oddKey(key string) bool {
	const longest = 64
	return len(key) > longest || strings.ContainsAny(key, "=:@ ?&")
}

// eachAttr visits texts as they are, and integers of as many digits as a card number may have.
func eachAttr(attrs trace.Attrs, place Place, visit func(place Place, key, value string)) {
	const shortest = 100 // smaller numbers open nothing
	for n := range attrs.Len() {
		if key := attrs.Key(n); oddKey(key) {
			visit(PlaceKey, "", key)
		}
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
