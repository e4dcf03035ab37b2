package query

// HelpSection is a part of the one-page description of the language.
type HelpSection struct {
	Title string
	Lines []HelpLine
}

// HelpLine is a query and what it means.
type HelpLine struct {
	Text    string
	Meaning string
}

// Help describes the language on one page. Every Text is a query.
func Help() []HelpSection {
	return []HelpSection{
		{"Terms", []HelpLine{
			{`duration>1s error=true`, "a space is AND: both hold for the same span"},
			{`service=cart operation~charge`, "service and operation; tab completes keys and values"},
			{`service=cart OR (kind=client NOT peer.service=redis)`, "AND OR NOT, && || !, -term, parentheses"},
			{`http.status_code in (500, 502)`, "one of; not in: key present and not one of"},
			{`db.statement~select`, "contains; ~i in either case"},
			{`k8s.pod.name=~"^pay"`, "regular expression (RE2), anywhere unless anchored; !~ =~i"},
			{`has:retry.count`, "spans that have the key"},
			{`connection refused`, "free text: both words, in any name, attribute or event; quote \"a phrase\""},
		}},
		{"Values", []HelpLine{
			{`retry.count=5`, "equals 5, 5.0 and the text 5; quotes ask for text: retry.count=\"5\""},
			{`duration>=1.5s`, "durations need a unit: ns us ms s m h"},
			{`startTime>2026-08-16T18:56:20Z`, "times as in RFC 3339"},
			{`retry.count!=5`, "only spans that have the key"},
			{`NOT retry.count=5`, "also spans without the key"},
			{`http.status_code=503`, "old and new names are one field; http.response.status_code is found"},
			{`size=field(limit)`, "compares two keys of one span"},
		}},
		{"Where", []HelpLine{
			{`span.http.method=GET`, "exactly this key, of the span; resource. and scope. likewise"},
			{`span.duration=slow`, "the attribute duration where a span has it, else the field: span:duration"},
			{`event.exception.type=Timeout`, "any event of the span; link. likewise"},
			{`event(event.name=exception event.exception.type=Timeout)`, "one event satisfies all; link(…) likewise"},
			{`"odd key"=1`, "a key with other characters than letters, digits and . _ - / @"},
		}},
		{"The tree", []HelpLine{
			{`parent(service=gateway)`, "its parent; ancestor(…) child(…) descendant(…) sibling(…)"},
			{`depth>20`, "also children>10 orphan=true"},
			{`trace.duration>5s`, "the whole trace: trace.spans trace.services trace.errors trace.id"},
			{`root.service=api-gateway`, "its root span: root.name root.kind root.status root.error root.duration"},
			{`self>200ms`, "of the analysis: self, critical=true, finding=retry-storm"},
		}},
		{"TraceQL", []HelpLine{
			{`{ span.http.status_code >= 500 && resource.service.name = "cart" }`, "the same in TraceQL"},
			{`{ name =~ "GET .*" }`, "within { } a pattern matches the whole value, as in Tempo"},
			{`{ .size * 2 > .limit && !.cached }`, "+ - * / % ^ calculate, of fields too; .cached alone is true, !.cached false"},
			{`{ parent.span.size > 1kB }`, "of its parent; nestedSetParent = -1 is a root"},
			{`{ service=gateway } >> { status=error }`, "descendants; > children, << ancestors, < parents, ~ siblings"},
			{`{ service=gateway } !>> { }`, "no descendants; &>> both sides"},
			{`{ error=true } && { service=cart }`, "on any spans of one trace"},
			{`{ } | by(service) | count() > 3`, "count avg min max sum of a group; coalesce() joins the groups"},
			{`max(duration) > 2 * avg(duration)`, "calculations with aggregates; without { } of all spans of a trace"},
			{`({ error=true } | count() > 1) && ({ kind=server } | count() > 3)`, "pipelines joined as spansets are"},
			{`{ } | select(name) with (most_recent=true)`, "select(…) adds columns to query; with (…) changes nothing here"},
			{``, "refused: rate() compare() topk() bottomk() and all of …_over_time()"},
		}},
		{"error and status", []HelpLine{
			{`error=true`, "status error, or error tag: true or a message"},
			{`status=error`, "the status alone: unset, ok or error"},
		}},
	}
}
