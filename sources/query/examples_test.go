package query_test

import (
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// incident is what the examples ask. Their answers are the names of the spans that match, in order.
const incident = `
trace 0000000000000000000000004bf92f35
gateway checkout 0ms +5s kind=server http.response.status_code=503 error="no luck" id=a1 resource.k8s.pod.name=gw-1
  payment charge1 10ms +1s kind=client http.status_code=503 retry.count=5 retry.delay=0ms status=error id=a2 resource.k8s.pod.name=pay-7
    event exception 15ms exception.type=Timeout exception.message="connection refused"
    event retry.attempt 16ms exception.type=Other n=5
    link 00000000000000000000000000000002 00000000000000b3
  payment charge2 1100ms +1s kind=client http.status_code="503" retry.count="2" retry.delay=150ms peer.service=redis id=a3 resource.k8s.pod.name=pay-8
    event exception 1200ms exception.type=Reset
  cart items 2200ms +10ms kind=internal status=ok http.status_code=200.5 db.statement="select * from likes" id=a4
    postgres query 2201ms +5ms db.query.text="SELECT name FROM users WHERE id = 7" thread.id=7 odd+key=1 id=a5
trace 0000000000000000000000006bf92f35
gateway dashboard 0ms +100ms kind=server flag=true http.method=GET big=9007199254740993 id=b1
  cart list 10ms +50ms retry.count=many size=503 limit=503 flag=false id=b2
  audit lost 20ms +1ms parent=ff size=503 limit=504 id=b3
`

// example is a query, what it reads as and what it finds in the incident. The same list drives parsing, the
// canonical form, the way to Jaeger's filter and back, and evaluation, there against the slow evaluator too.
type example struct {
	text  string
	canon string // "" where text is canonical
	ast   string // what Jaeger's filter says, as text: "" the same, "-" nothing, else the part that it can say
	want  string
}

const everything = "checkout charge1 charge2 items query dashboard list lost"

var examples = []example{
	// Everything.
	{"", "", "-", everything},
	{" \t ", "", "-", everything},
	{"{}", "", "-", everything},

	// Space, AND, OR, NOT, parentheses: OR binds less than AND, NOT more.
	{"service=payment http.status_code=503", "", "", "charge1 charge2"},
	{"service=payment AND kind=client && duration>1ms", "service=payment kind=client duration>1ms", "", "charge1 charge2"},
	{"service=cart OR service=gateway kind=server", "", "", "checkout items dashboard list"},
	{"(service=cart OR service=gateway) kind=server", "", "", "checkout dashboard"},
	{"service=cart || (kind=client NOT peer.service=redis)", "service=cart OR kind=client NOT peer.service=redis", "", "charge1 items list"},
	{"service=payment -peer.service=redis", "service=payment NOT peer.service=redis", "", "charge1"},
	{"!service=payment !(kind=server)", "NOT service=payment NOT kind=server", "", "items query list lost"},
	{"not not service=cart and name=list", "NOT NOT service=cart name=list", "", "list"},
	{"NOT (service=cart OR service=payment)", "", "", "checkout query dashboard lost"},
	{"NOT (service=gateway kind=server)", "", "", "charge1 charge2 items query list lost"},
	{"((service=cart))", "service=cart", "", "items list"},
	{"(service=cart (name=list kind!=client))", "service=cart name=list kind!=client", "", "list"},

	// Comparisons. Space around operators is allowed.
	{"duration > 1s", "duration>1s", "", "checkout"},
	{"duration>=1s", "", "", "checkout charge1 charge2"},
	{"duration<5ms", "", "", "lost"},
	{"duration<=5ms", "", "", "query lost"},
	{"duration=1000ms", "duration=1s", "", "charge1 charge2"},
	{"duration!=1m0.0s duration>60000ms", "duration!=1m duration>1m", "", ""},
	{"duration in (1s, 10ms)", "", "duration=1s OR duration=10ms", "charge1 charge2 items"},
	{"duration not in (1s, 10ms)", "", "duration!=1s duration!=10ms", "checkout query dashboard list lost"},
	{"name=checkout", "", "", "checkout"},
	{"operation=checkout", "name=checkout", "", "checkout"},
	{"name>items", "", "", "query list lost"},
	{`name="GET /x"`, "", "", ""},
	{"name in (items, list)", "", "name=items OR name=list", "items list"},
	{"service not in (gateway, payment, cart)", "", "service!=gateway service!=payment service!=cart", "query lost"},
	{"service!=gateway", "", "", "charge1 charge2 items query list lost"},
	{"has:service has:name has:duration", "", "", everything},

	// status is the status alone, error more than that.
	{"error=true", "", "", "checkout charge1"},
	{"error=false service=payment", "", "", "charge2"},
	{"error!=TRUE service=payment", "error!=true service=payment", "error=false service=payment", "charge2"},
	{"status=error", "", "", "checkout charge1"},
	{"status=STATUS_CODE_OK", "status=ok", "", "items"},
	{"status!=unset", "", "", "checkout charge1 items"},
	{"status in (ok, error)", "", "status=ok OR status=error", "checkout charge1 items"},
	{"status=~err", "status=~err", "status~err", "checkout charge1"},
	{`statusMessage="no luck"`, "", "", "checkout"},
	{"has:statusMessage", "", "", "checkout"},
	{"statusMessage!=luck", "", "", "checkout"},
	{"kind=client", "", "", "charge1 charge2"},
	{"kind=SPAN_KIND_CLIENT", "kind=client", "", "charge1 charge2"},
	{"kind!=unspecified", "", "", "checkout charge1 charge2 items dashboard"},

	// Times and ids.
	{"startTime>=2026-03-02T14:02:13Z", "", "", "items query"},
	{"start<2026-03-02T15:02:11.005+01:00 endTime>2026-03-02T14:02:12Z", "startTime<2026-03-02T14:02:11.005Z endTime>2026-03-02T14:02:12Z", "", "checkout"},
	{"trace.id=4BF92F35 name~charge", "trace.id=0000000000000000000000004bf92f35 name~charge", "", "charge1 charge2"},
	{"traceID~4bf92", "trace.id~4bf92", "", "checkout charge1 charge2 items query"},
	{"spanID=a4", "spanID=00000000000000a4", "", "items"},
	{"spanID in (a4, b2)", "spanID in (00000000000000a4, 00000000000000b2)", "spanID=00000000000000a4 OR spanID=00000000000000b2", "items list"},
	{"parentSpanID=a1", "parentSpanID=00000000000000a1", "", "charge1 charge2 items"},
	{"parentSpanID=ff", "parentSpanID=00000000000000ff", "", "lost"},
	{"parentSpanID!=a1", "parentSpanID!=00000000000000a1", "", "query list lost"},
	{"NOT has:parentSpanID", "", "", "checkout dashboard"},
	{"has:traceState", "", "", ""},
	{"traceState=x", "", "", ""},

	// Numbers equal numbers and texts that read as one; quotes ask for text.
	{"http.status_code=503", "", "", "checkout charge1 charge2"},
	{"http.status_code=503.0", "", "", "checkout charge1 charge2"},
	{`http.status_code="503"`, "", "http.status_code=503", "checkout charge1 charge2"},
	{`http.status_code="503.0"`, "", "http.status_code=503.0", ""},
	{"retry.count>1", "", "", "charge1 charge2"},
	{"retry.count>2", "", "", "charge1"},
	{`retry.count>"3"`, "", "has:retry.count", "charge1 list"},
	{"retry.count>=many", "", "", "list"},
	{"http.status_code>200", "", "", "checkout charge1 charge2 items"},
	{"http.status_code<=200.5", "", "", "items"},
	{"thread.id=7 thread.id<8", "", "", "query"},
	{"big=9007199254740993", "", "", "dashboard"},
	{"big=9007199254740992 OR big>9007199254740993", "", "", ""},
	{"big in (9007199254740992, 9007199254740993.0)", "", "big=9007199254740992 OR big=9007199254740993.0", "dashboard"},
	{"flag=true", "", "", "dashboard"},
	{`flag!="true"`, "", "flag!=true", "list"},

	// Durations in attributes need a unit on both sides.
	{"retry.delay>100ms", "", "", "charge2"},
	{"retry.delay=0s", "", "", "charge1"},
	{"retry.delay<1m", "", "", "charge1 charge2"},
	{"retry.count>1s", "", "", ""},

	// != needs the key, NOT does not.
	{"retry.count!=5", "", "", "charge2 list"},
	{"NOT retry.count=5 service!=gateway", "", "", "charge2 items query list lost"},
	{"has:retry.count", "", "", "charge1 charge2 list"},
	{"retry.count!=nil", "has:retry.count", "", "charge1 charge2 list"},
	{"service=gateway retry.count=nil", "service=gateway NOT has:retry.count", "", "checkout dashboard"},
	{"nosuch!=1", "", "", ""},
	{"-nosuch=1 service=audit", "NOT nosuch=1 service=audit", "", "lost"},

	// Old and new names are one field, unless a level pins the key.
	{"http.response.status_code=503", "", "", "checkout charge1 charge2"},
	{"span.http.response.status_code=503", "", "", "checkout"},
	{"http.request.method=GET", "", "", "dashboard"},
	{"has:db.statement", "", "", "items query"},
	{"db.query.text~FROM", "", "", "query"},

	// Levels.
	{"k8s.pod.name=gw-1", "", "", "checkout"},
	{"resource.k8s.pod.name!=gw-1", "", "", "charge1 charge2"},
	{"span.k8s.pod.name=gw-1", "", "", ""},
	{"resource.service.name=cart", "", "", "items list"},
	{"service.name=cart", "", "", "items list"},
	{"resource.service=cart", "", "-", "items list"}, // no resource has an attribute service
	{"span:name=list", "name=list", "", "list"},
	{`span."name"=list`, "", "", ""},
	{`"duration"=1`, "", "", ""},
	{`"odd+key"=1`, "", "", "query"},
	{"span.`odd+key`=1 has:\"odd+key\"", `span."odd+key"=1 has:"odd+key"`, "", "query"},
	{"scope.name=lib", "", "", ""},
	{"instrumentation:version=1", "scope.version=1", "", ""},
	{"instrumentation.k=1 scope.other!=2", "scope.k=1 scope.other!=2", "", ""},

	// in, not in, lists of words.
	{"http.status_code in (500, 502, 503)", "", "http.status_code=500 OR http.status_code=502 OR http.status_code=503", "checkout charge1 charge2"},
	{`retry.count in ("2", "many")`, "", "retry.count=2 OR retry.count=many", "charge2 list"},
	{`retry.count in (5, "many")`, "", "retry.count=5 OR retry.count=many", "charge1 list"},
	{"retry.count not in (5, 2.0)", "", "retry.count!=5 retry.count!=2.0", "list"},
	{`retry.count not in (5, "2")`, "", "retry.count!=5 has:retry.count", "list"},
	{"retry.delay in (0s, 7)", "", "retry.delay=0s OR retry.delay=7", "charge1"},
	{"db.statement phrase (from, users)", "", "", "query"},
	{"db.statement phrase (users, from)", "", "", ""},
	{"db.statement fulltext (users, select)", "", "", "query"},
	{"db.statement fulltext (use)", "", "", ""},

	// Regular expressions match anywhere; ~ is contains; i makes either match in any case.
	{`k8s.pod.name=~"^pay-[0-9]$"`, "k8s.pod.name=~^pay-[0-9]$", "-", "charge1 charge2"},
	{"k8s.pod.name=~pay-[78]", "", "", "charge1 charge2"},
	{`k8s.pod.name=~"-."`, "k8s.pod.name=~-.", "", "checkout charge1 charge2"},
	{`http.status_code=~"50."`, "http.status_code=~50.", "", "checkout charge1 charge2"},
	{"k8s.pod.name!~pay", "", "", "checkout"},
	{"service!~i\"PAY\" service!=cart", "", "service!=cart", "checkout query dashboard lost"},
	{"db.statement~select", "", "", "items"},
	{"db.statement~i select", `db.statement~i"select"`, "-", "items query"},
	{`db.statement=~i"LIKES|users"`, "", "-", "items query"},
	{`db.statement~".*"`, "", "", ""},
	{"name=~i", `name=~"i"`, `name~"i"`, "items list"},
	{`thread.id~7`, "", "", "query"},
	{"a=i b=~i c~i x", `a=i b=~"i" c~i"x"`, `a=i b~"i"`, ""},
	{"name=~i AND a=1", `name=~"i" a=1`, `name~"i" a=1`, ""},
	{`a~nil b!="nil"`, `a~"nil" b!="nil"`, "", ""},

	// Events and links: any of them, or with event(…) and link(…) one for all terms.
	{"event.name=exception", "", "", "charge1 charge2"},
	{"event.name!=exception", "", "", ""},
	{"NOT event.name=exception service=payment", "", "", ""},
	{"event.exception.type=Timeout", "", "", "charge1"},
	{"event.exception.type!=Timeout", "", "", "charge2"},
	{"event.name=retry.attempt event.exception.type=Timeout", "", "", "charge1"},
	{"event(event.name=retry.attempt event.exception.type=Timeout)", "", "", ""},
	{"event(event.name=exception event.exception.type!=Timeout)", "", "", "charge2"},
	{"event(event.name=exception OR event.n>4) service=payment", "", "", "charge1 charge2"},
	{"event(NOT event.n=5 event.timeSinceStart>50ms)", "", "", "charge2"},
	{"event(event.name=exception (duration>1h OR event.exception.type=Reset))", "", "", "charge2"},
	{"event.timeSinceStart<=5ms", "", "", "charge1"},
	{"event.time>2026-03-02T14:02:12Z", "", "", "charge2"},
	{"has:event.name", "", "", "charge1 charge2"},
	{"has:event.n", "", "", "charge1"},
	{"event.name in (a, retry.attempt)", "", "event.name=a OR event.name=retry.attempt", "charge1"},
	{"event.name not in (a, b)", "", "event.name!=a event.name!=b", "charge1 charge2"},
	{"event.exception.message phrase (connection, refused)", "", "", "charge1"},
	{"link.traceID=2", "link.traceID=00000000000000000000000000000002", "", "charge1"},
	{"link(link.traceID=2 link.spanID!=b3)", "link(link.traceID=00000000000000000000000000000002 link.spanID!=00000000000000b3)", "", ""},
	{"link.spanID=b3 NOT has:link.traceState", "link.spanID=00000000000000b3 NOT has:link.traceState", "", "charge1"},
	{"link.traceState=x OR link.k=1", "", "", ""},

	// References on both sides.
	{"size=field(limit)", "", "", "list"},
	{"{ .size != .limit }", "size!=field(limit)", "", "lost"},
	{"{ .size < span.limit }", "size<field(span.limit)", "", "lost"},
	{"duration<field(trace.duration) service=gateway", "", "service=gateway", ""},
	{"endTime=field(trace.end)", "", "-", "checkout dashboard"},
	{"service=field(root.service)", "", "-", "checkout dashboard"},
	{"name=field(service)", "", "", ""},

	// Values of the tree and the trace.
	{"depth=0", "", "-", "checkout dashboard lost"},
	{"depth>1.5", "", "-", "query"},
	{"children>1", "", "-", "checkout"},
	{"children in (1, 3)", "", "-", "checkout items dashboard"},
	{"orphan=true", "", "-", "lost"},
	{"orphan=false service=audit", "", "service=audit", ""},
	{"trace.duration>1s service=gateway", "", "service=gateway", "checkout"},
	{"trace.spans>3 depth=0", "", "-", "checkout"},
	{"trace.services=3 depth=0", "", "-", "dashboard lost"},
	{"trace.errors>=2 depth=0", "", "-", "checkout"},
	{"trace.errors!=2 depth=0", "", "-", "dashboard lost"},
	{"trace.start<2030-01-01T00:00:00Z trace.end>2026-03-02T14:02:15Z depth=0", "", "-", "checkout"},
	{"root.service=gateway root.name=dashboard", "", "-", "dashboard list lost"},
	{"root.kind=server root.status=error root.error=true root.duration>1s depth=0", "", "-", "checkout"},
	{"root.name!=checkout kind=server", "", "kind=server", "dashboard"},
	{"NOT trace.id~4bf", "", "", "dashboard list lost"},

	// Values of the analysis; here of a stand-in.
	{"self>=500ms", "", "-", "checkout charge1 charge2"},
	{"critical=true", "", "-", "checkout charge2 query list"},
	{"finding=retry-storm", "", "-", "charge1 charge2"},
	{"finding!=retry-storm", "", "-", "query"},
	{"finding in (slow-external)", "", "-", "query"},
	{"finding~plus", "", "-", "query"},
	{"has:finding", "", "-", "charge1 charge2 query"},

	// Relatives.
	{"parent(service=gateway)", "", "-", "charge1 charge2 items list"},
	{"ancestor(error=true)", "", "-", "charge1 charge2 items query"},
	{"child(service=payment)", "", "-", "checkout"},
	{"descendant(name=query)", "", "-", "checkout items"},
	{"sibling(name=charge1)", "", "-", "charge2 items"},
	{"sibling(service=payment) service=payment", "", "service=payment", "charge1 charge2"},
	{"sibling(name=dashboard)", "", "-", ""},
	{"parent (child(name=items) kind=server)", "parent(child(name=items) kind=server)", "-", "charge1 charge2 items"},

	// Free text: anything that people see of a span, in any case.
	{`"connection refused"`, "", "-", "charge1"},
	{"connection refused", `"connection" "refused"`, "-", "charge1"},
	{"refused   connection kind=client", `"refused" "connection" kind=client`, "kind=client", "charge1"},
	{"connection -refused", `"connection" NOT "refused"`, "-", ""},
	{`"refused connection"`, "", "-", ""},
	{"TIMEOUT", `"TIMEOUT"`, "-", "charge1"},
	{`"luck" service=gateway`, "", "service=gateway", "checkout"},
	{"retry.delay", `"retry.delay"`, "-", "charge1 charge2"},
	{"-refused has:retry.delay", `NOT "refused" has:retry.delay`, "has:retry.delay", "charge2"},
	{"200.5", `"200.5"`, "-", "items"},
	{"pay-7 OR audit", `"pay-7" OR "audit"`, "-", "charge1 lost"},
	{"likes service=cart", `"likes" service=cart`, "service=cart", "items"},

	// TraceQL: spansets, structure, pipelines.
	{`{ span.http.status_code >= 500 && resource.service.name = "payment" }`, `span.http.status_code>=500 resource.service.name="payment"`, "span.http.status_code>=500 resource.service.name=payment", "charge1 charge2"},
	{"{ .http.status_code = 503 || status = ok }", "http.status_code=503 OR status=ok", "", "checkout charge1 charge2 items"},
	{"{ !(kind = client) && duration > 1s }", "NOT kind=client duration>1s", "", "checkout"},
	{"{ } >> { status = error }", "{ } >> { status=error }", "-", "charge1"},
	{"{service=gateway} > {}", "{ service=gateway } > { }", "-", "charge1 charge2 items list"},
	{"{ service=cart } < { service=gateway }", "", "-", "checkout dashboard"},
	{"{ service=postgres } << { }", "", "-", "checkout items"},
	{"{ name=charge1 } ~ { kind=client }", "", "-", "charge2"},
	{"{ service=gateway } !> { }", "", "-", "checkout query dashboard lost"},
	{"{ error=true } !>> { kind!=unspecified }", "", "-", "checkout dashboard"},
	{"{ service=cart } !< { }", "", "-", "charge1 charge2 items query list lost"},
	{"{ service=postgres } !<< { service=gateway }", "", "-", "dashboard"},
	{"{ name=charge1 } !~ { service=payment }", "", "-", "charge1"},
	{"{ service=gateway } &> { service=cart }", "", "-", "checkout items dashboard list"},
	{"{ service=gateway } &>> { service=postgres }", "", "-", "checkout query"},
	{"{ service=cart } &< { service=gateway }", "", "-", "checkout items dashboard list"},
	{"{ service=postgres } &<< { kind=internal }", "", "-", "items query"},
	{"{ name=charge1 } &~ { service=cart }", "", "-", "charge1 items"},
	{"{ service=payment } && { service=cart }", "", "-", "charge1 charge2 items"},
	{"{ service=payment } || { service=audit }", "", "-", "charge1 charge2 lost"},
	{"{ error=true } && { service=audit }", "", "-", ""},
	{"({ service=gateway } || { service=cart }) > { } && { service=audit }", "", "-", "list lost"},
	{"{ service=payment } > { } && { service=gateway }", "", "-", ""},
	{"{ service=gateway } > ({ service=cart } > { })", "", "-", ""},
	{"{ service=gateway } > { service=cart } > { }", "", "-", "query"},
	{"({ name=x } && { name=list }) || { name=items }", "{ name=x } && { name=list } || { name=items }", "-", "items"},
	{"({ name=x } || { name=list }) && { name=lost }", "", "-", "list lost"},
	{"{ } | count() > 3", "", "-", "checkout charge1 charge2 items query"},
	{"service=payment | count() = 2", "", "service=payment", "charge1 charge2"},
	{"{ } | by(service) | count() >= 2", "", "-", "charge1 charge2"},
	{"{ } | by(resource.service.name) | avg(duration) > 900ms", "", "-", "checkout charge1 charge2"},
	{"{ } | by(peer.service) | by(kind) | count() = 1", "", "-", "checkout charge1 charge2 items query dashboard"},
	{"{ } | max(duration) < 1s", "", "-", "dashboard list lost"},
	{"{ } | min(http.status_code) <= 200.5", "", "-", "checkout charge1 charge2 items query"},
	{"{ } | sum(retry.count) = 7", "", "-", "checkout charge1 charge2 items query"},
	{"{ } | avg(retry.count) != 3.5", "", "-", ""},
	{"{ } | sum(self) > 3s | { depth=1 }", "", "-", "charge1 charge2 items"},
	{"| count() < 4", "{ } | count() < 4", "-", "dashboard list lost"},
	{"{ } | by(kind) | count() = 1 | coalesce() | select(name)", "", "-", "checkout items query dashboard"},
	{"{ } | 2 * max(duration) > sum(duration) | count() = 3", "", "-", "dashboard list lost"},
	{"({ kind=client } | count() = 2) || { name=lost }", "", "-", "charge1 charge2 lost"},
	{"{ .size + 1 = .limit }", "", "-", "lost"},
	{"nestedSetParent=-1 nestedSetLeft=1 nestedSetRight>4", "", "-", "checkout"},
	{"kind=client | { } | count() > 0", "", "kind=client", "charge1 charge2"},
}

// refusal is a text that is no query: the carets below it mark what is wrong with it.
type refusal struct {
	text, carets string
	message      string // within the message
	suggestion   string
}

var refusals = []refusal{
	{"select((name", "       ^", "unclosed (", ""},
	// An unknown word or sign in the place of an operator.
	{"service is cart", "        ^^", "unknown operator is", "="},
	{"service cart", "        ^^^^", "unknown operator cart", ""},
	{"duration over 1s", "         ^^^^", "unknown operator over", ">"},
	{"retry.count over 5", "            ^^^^", "unknown operator over", ">"},
	{"retry.count inn (1)", "            ^^^", "unknown operator inn", "in"},
	{"a==b", " ^^", "unknown operator ==", "="},
	{"a=>5", " ^^", "unknown operator =>", ">="},
	{"service:cart", "       ^", "unknown operator :", "="},
	{"a <> b", "  ^^", "unknown operator <>", "!="},
	{"a!b", " ^", "unknown operator !", "!="},
	{"a=1 & b=2", "    ^", "& is no operator", "&&"},
	{"service", "       ^", "expected an operator", ""},
	{"{ foo }", "     ^", "expected an operator", ""},
	{"service= ", "         ^", "expected a value after =", ""},
	{"a=1 b>", "      ^", "expected a value after >", ""},
	{"a=1 OR", "      ^", "incomplete query", ""},
	{"a=1 NOT", "       ^", "incomplete query", ""},

	// Units, types, words of closed vocabularies.
	{"duration>5", "         ^", "needs a unit", "5ms"},
	{"duration > 5 s", "           ^", "needs a unit", "5ms"},
	{"trace.duration<1.5", "               ^^^", "trace.duration needs a unit", "1.5ms"},
	{"duration>fast", "         ^^^^", "invalid duration", ""},
	{"startTime>14:02", "          ^^^^^", "invalid time", ""},
	{"depth>deep", "      ^^^^", "invalid number", ""},
	{"status=eror", "       ^^^^", "invalid value \"eror\" for status (use unset, ok or error)", "error"},
	{"status=503", "       ^^^", "HTTP codes: http.status_code", ""},
	{"kind=klient", "     ^^^^^^", "(use unspecified", "client"},
	{"kind>client", "     ^^^^^^", "has no order", ""},
	{"spanID>5", "       ^", "has no order", ""},
	{"flag>true", "     ^^^^", "true has no order", ""},
	{"error=maybe", "      ^^^^^", "(use true or false)", ""},
	{"error", "^^^^^", "error needs a value", "error=true"},
	{"duration=~1s", "          ^^", "=~ compares text", ""},
	{"depth~1", "      ^", "~ compares text", ""},
	{"a>nil", "^^^^^", "nil has no order", ""},
	{"duration=field(name)", "               ^^^^", "duration is a duration and name is text", ""},
	{"kind>field(kind)", "           ^^^^", "have no order", ""},
	{"a=~field(b)", "         ^", "=~ takes a constant", ""},

	// Fields that a level does not have.
	{"trace.span>3", "^^^^^^^^^^", "trace has no field span", "trace.spans"},
	{"root.servce=a", "^^^^^^^^^^^", "root has no field servce", "root.service"},
	{"span:nmae=a", "^^^^^^^^^", "span has no field nmae", "span:name"},
	{"resource:k=a", "^^^^^^^^^^", "resource has no field k; it has", ""},
	{"span.=1", "^^^^^", "a key is missing", ""},
	{"has:", "    ^", "a key is missing after has:", ""},

	// Regular expressions.
	{`a=~"("`, "   ^^^", "missing closing )", ""},
	{`a=~"(?=x)"`, "   ^^^^^^^", "(RE2) is not valid", ""},
	{"name=GET*", "     ^^^^", "no wildcards", `name=~"^GET.*$"`},
	{"name in (GET*)", "         ^^^^", "no wildcards", `"GET*"`},

	// Values and quotes.
	{"a=b=c", "  ^^^", "quote values", `"b=c"`},
	{"url=/a?b=c&d=e", "    ^^^^^^^^^^", "quote values", `"/a?b=c&d=e"`},
	{"service=cart,gateway", "        ^^^^^", "several values stand in a list", "service in (cart, …)"},
	{"a='b c'", "  ^^^^^", "double quotes", `"b c"`},
	{"a='b", "  ^", "double quotes", `"`},
	{`a="b`, "  ^^", "unclosed quote", ""},
	{"`b", "^^", "unclosed quote", ""},
	{`"a"b`, "   ^", "behind the quote", ""},
	{`""`, "^^", "empty text", ""},
	{"500=a", "^^^", "the field comes first", ""},
	{"1s<duration", "^^", "the field comes first", "duration"},
	{"größe=1 b==2", "         ^^", "unknown operator ==", "="},

	// Lists.
	{"a in ()", "     ^^", "the list is empty", ""},
	{"a in (1,)", "        ^", "expected a value", ""},
	{"a in (1", "     ^", "unclosed (", ""},
	{"a in (1, nil)", "         ^^^", "nil cannot stand in a list", `"nil"`},
	{"a in 1", "  ^^", "needs a list", ""},
	{"a in (1 2)", "        ^", "expected ,", ""},
	{"duration in (1s, 2)", "                 ^", "needs a unit", "2ms"},
	{"name phrase (a)", "             ^", "name is a field", ""},
	{"a phrase (b-c)", "          ^^^", "single words", ""},

	// Parentheses and braces.
	{"(a=1", "^", "unclosed (", ""},
	{"{a=1", "^", "unclosed {", ""},
	{"a=1)", "   ^", "unexpected )", ""},
	{"(a=1}", "    ^", "expected )", ""},
	{"()", " ^", "expected a term", ""},
	{"{ {a=1} }", "  ^", "cannot stand within { }", ""},
	{"{a=1} b=2", "      ^", "need an operator between them", ""},
	{"{a=1} || b=2", "      ^^^^^^", "put the term within { }", ""},
	{"{a=1} > b=2", "      ^^^^^", "between two spansets", "{ b=2 }"},
	{"{a=1} >>> {b=2}", "      ^^^", "unknown structural operator >>>", ""},
	{"NOT {a=1}", "^^^^^^^^^", "NOT takes a term", ""},
	{"parent({a=1})", "       ^^^^^", "takes terms", ""},
	{"parent()", "      ^^", "needs a term", ""},
	{"event(child(a=1))", "      ^^^^^^^^^^", "takes comparisons only", ""},
	{`event("x")`, "      ^^^", "takes comparisons only", ""},

	// Functions.
	{"paren(a=1)", "^^^^^", "there is no function paren", "parent"},
	{"{ } | rate()", "      ^^^^", "rate() is a metric over time", ""},
	{"{ } | quantile_over_time(duration, .9)", "      ^^^^^^^^^^^^^^^^^^", "is a metric over time", ""},
	{"rate({a=1})", "^^^^", "is a metric over time", ""},
	{"{ count() > 3 }", "  ^^^^^", "stands behind a pipe", "| count("},
	{"{ } | cuont() > 3", "      ^^^^^", "no pipeline function cuont", "count"},
	{"{ } | count() > many", "                ^^^^", "invalid number \"many\" for count()", ""},
	{"{ } | avg(duration) > 1", "                      ^", "avg() needs a unit", "1ms"},
	{"{ } | max(name) > 1", "          ^^^^", "name is text", ""},
	{"{ } | count()", "             ^", "is compared with", ""},
	{"{ } | count(a) > 1", "            ^", "takes nothing", ""},
	{"{ } | avg() > 1", "          ^", "needs a key", ""},
	{"{ } | by(name) > 1", "               ^", "unexpected", ""},
	{"{ } |", "     ^", "a function is missing", ""},
}

// unanswerable are queries that are refused where no analysis supplies its fields, and why.
var unanswerable = map[string]string{
	"kind=client self>1s":         "self needs the analysis",
	"NOT (a=1 OR critical=true)":  "critical needs the analysis",
	"finding=retry-storm":         "finding needs the analysis",
	"| avg(self) > 1s":            "self needs the analysis",
	"| by(finding) | count() > 1": "finding needs the analysis",
	"duration>field(self)":        "self needs the analysis",
	"resource.schemaURL=x":        "is not kept",
	"has:scope.schemaURL":         "is not kept",
}

// world is the incident, built once a test.
func world(t testing.TB) *trace.Set { return tracetest.Set(t, incident) }
