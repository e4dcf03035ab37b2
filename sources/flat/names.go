package flat

import (
	"slices"
	"strings"
)

// Field is what a key of a flat span can mean.
type Field uint8

// The fields.
const (
	None Field = iota
	Trace
	Span
	Parent
	Name
	Start
	End
	Duration
	Service
	Kind
	KindHint // says the kind where no field does, by the dialect's words
	Status
	Message // of the status
	Error
	Success
	State // W3C tracestate
	Scope
	ScopeVersion
	Attributes // an object or a list of attributes
	Resource   // the same of the resource
	Events
	Links
	DroppedAttrs
	DroppedEvents
	DroppedLinks
	EventTimes // parallel arrays, as ClickHouse has them
	EventNames
	EventAttrs
	LinkTraces
	LinkSpans
	TraceHigh // the upper half of a trace id, in hexadecimal digits

	Fields // how many there are
)

// titles are the fields as notices name them.
var titles = [Fields]string{
	Trace: "trace id", Span: "span id", Parent: "parent id", Name: "name", Start: "start", End: "end", Duration: "duration",
	Service: "service", Kind: "kind", KindHint: "kind", Status: "status", Message: "status message", Error: "error",
	Success: "error", State: "trace state", Scope: "scope", ScopeVersion: "scope version",
	Attributes: "attributes", Resource: "resource", Events: "events", Links: "links",
}

// names are the usual keys of each field, best first: in lower case, without what separates words. Paths within
// objects are written as one word, too. Times and durations have a unit behind the name or none.
var names = [Fields][]string{
	Trace: {
		"traceid", "tracetraceid", "contexttraceid", "spancontexttraceid", "spantraceid", "traceuuid", "traceidhex", "trace",
	},
	Span: {
		"spanid", "tracespanid", "contextspanid", "spancontextspanid", "spanspanid", "spanuuid", "spanidhex", "observationid", "id",
		"guid", "span",
	},
	Parent: {
		"parentspanid", "parentid", "traceparentid", "spanparentspanid", "spanparentid", "parentspan", "parentspancontextspanid",
		"parentcontextspanid", "parentobservationid", "parentguid", "parentspanuuid", "parentuuid", "parentspanidhex", "parentrunid",
		"referenceparentspanid", "referencesparentspanid", "parent",
	},
	Name: {
		"spanname", "operationname", "name", "operation", "opname", "displayname", "displaynamevalue", "op", "resourcename",
	},
	Start: {
		"starttime", "start", "startts", "starttimestamp", "startedat", "startat", "startdate", "startdatetime", "timestampstart",
		"spanstarttime", "spanstarttimestamp", "spanstart", "begin", "begintime", "beginat", "timestamp", "time", "ts", "datetime", "eventtime", "date",
	},
	End: {
		"endtime", "end", "endts", "endtimestamp", "endedat", "endat", "enddate", "enddatetime", "timestampend", "spanendtime", "spanendtimestamp",
		"spanend", "finish", "finishtime", "finishts", "finishtimestamp", "finishedat", "finishat", "stop", "stoptime", "stoppedat",
		"completedat", "completiontime", "completedtime",
	},
	Duration: {
		"duration", "spanduration", "dur", "durationtime", "elapsed", "elapsedtime", "latency", "timetaken", "took", "responsetime",
		"runtime", "customduration", "transactionduration",
	},
	Service: {
		"servicename", "service", "resourceservicename", "resourceattributesservicename", "localservicename",
		"localendpointservicename", "processservicename", "svc", "svcname", "attributesservicename", "spanattributesservicename",
		"tagsservicename", "tagservicename", "metaservicename", "labelsservicename", "resourcestringservicename", "resourcesstringservicename", "resourcesservicename", "resourcetagsservicename",
		"resourcetagsmapservicename", "resourceattrservicename", "processtagsservicename", "appname", "app",
		"application", "applicationname", "entityname", "cloudrolename",
	},
	Kind:    {"kind", "spankind", "kindstring", "otelkind", "attributesspankind", "tagsspankind", "tagspankind", "metaspankind"},
	Status:  {"statuscode", "spanstatuscode", "spanstatus", "statuscodestring", "otelstatuscode", "status", "outcome", "eventoutcome"},
	Message: {"statusmessage", "statusdescription", "otelstatusdescription", "spanstatusmessage", "statuscodemessage", "errormessage"},
	Error:   {"error", "iserror", "haserror", "haserrors", "failed", "isfailed", "errored", "requestisfailed"},
	Success: {"success", "succeeded", "issuccess", "issuccessful", "successful"},
	State:   {"tracestate", "w3ctracestate"},
	Scope: {
		"scopename", "instrumentationscopename", "instrumentationlibraryname", "otelscopename", "otellibraryname", "libraryname",
	},
	ScopeVersion: {
		"scopeversion", "instrumentationscopeversion", "instrumentationlibraryversion", "otelscopeversion", "otellibraryversion",
	},
	Attributes: {
		"attributes", "spanattributes", "attrs", "spanattrs", "tags", "spantags", "tag", "traceattributes", "attributesmap", "tagmap",
		"stringtagmap", "numbertagmap", "booltagmap", "attributesstring", "attributesnumber", "attributesbool", "labels",
		"customdimensions", "attributesattributemap", "properties",
	},
	Resource: {
		"resourceattributes", "resource", "resourceattrs", "resources", "resourcetags", "resourcetagsmap", "resourcesstring", "process",
		"servicetags",
	},
	Events: {"events", "spanevents", "logs"},
	Links:  {"links", "spanlinks", "references"},

	DroppedAttrs: {"droppedattributescount"}, DroppedEvents: {"droppedeventscount"}, DroppedLinks: {"droppedlinkscount"},
	EventTimes: {"eventstimestamp"}, EventNames: {"eventsname"}, EventAttrs: {"eventsattributes"},
	LinkTraces: {"linkstraceid"}, LinkSpans: {"linksspanid"},
}

// several are the fields of which a span can have more than one key.
func (f Field) several() bool {
	return f == Attributes || f == Resource || f == Events || f == Links || f == Error || f == Status
}

func (f Field) isTime() bool { return f == Start || f == End || f == Duration }

// plain writes a key without what people separate words with: "Trace-ID" and "trace.id" are "traceid".
func plain(key string) string {
	if strings.IndexFunc(key, notPlain) < 0 {
		return key
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case notPlain(c):
			return -1
		}
		return c
	}, key)
}

func notPlain(c rune) bool {
	return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != 'µ' && c != 'μ'
}

// fillers are what stands between the name of a time and its unit, or in place of it.
var fillers = []string{"inepoch", "sinceepoch", "unix", "epoch", "utc", "in", "us"}

// match tells how well a key, as it is written, names a field: 0 is best, -1 not at all. The unit is what the key says.
func (f Field) match(key string) (rank int, unit Unit) {
	word := plain(key)
	if rank = slices.Index(names[f], word); rank >= 0 || !f.isTime() {
		return rank, 0
	}
	if n := len(key); n > 2 && (key[n-1] == 's' || key[n-1] == 'S') && notPlain(rune(key[n-2])) && (key[n-2] < 'A' || key[n-2] > 'Z') {
		return f.timed(word[:len(word)-1]), Seconds // duration_s
	}
	for _, ending := range unitNames {
		if base, ok := strings.CutSuffix(word, ending.text); ok {
			if rank = f.timed(base); rank >= 0 {
				return rank, ending.unit
			}
		}
	}
	return f.timed(word), 0
}

// timed is the rank of the name of a time whose unit was cut off.
func (f Field) timed(base string) int {
	if rank := slices.Index(names[f], base); rank >= 0 {
		return rank
	}
	for _, filler := range fillers {
		if cut, ok := strings.CutSuffix(base, filler); ok {
			if rank := slices.Index(names[f], cut); rank >= 0 {
				return rank
			}
		}
	}
	return -1
}

// NamesSpans reports whether the names of a table's columns are those of spans: a trace id and a span id.
func NamesSpans(columns []string) bool {
	found := [Fields]bool{}
	for _, name := range columns {
		for _, f := range []Field{Trace, Span, Start, End} {
			rank, _ := f.match(strings.TrimSpace(name))
			found[f] = found[f] || rank >= 0 || f == Trace && plain(name) == "operationid"
		}
	}
	return found[Trace] && found[Span] && (found[Start] || found[End])
}
