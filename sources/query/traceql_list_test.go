package query_test

import "strings"

// traceql are queries of TraceQL in all that its documentation describes, one a line, written for this test. Each is
// read, reads back from its canonical form, and finds what the slow evaluator finds.
const traceql = `
{ }
{}
{ true }
{ false }
{ !true }
{ !false }
{ true && true }
{ true || false }
{ !(true && false) }
{ true = true }
{ true != false }
{ 1 = 1 }
{ 2 != 3 }
{ 4 > 3 }
{ 4 >= 4 }
{ 3 < 4 }
{ 3 <= 3 }
{ 7 < 6 }
{ 1 + 2 = 3 }
{ 9 - 4 = 5 }
{ 3 * 4 = 12 }
{ 9 / 2 > 4 }
{ 9 % 4 = 1 }
{ 2 ^ 5 = 32 }
{ -2 = -1 - 1 }
{ 2 + 3 * 4 = 14 }
{ (2 + 3) * 4 = 20 }
{ -(3 - 5) = 2 }
{ 1.5 + 1.5 = 3.0 }
{ .5 + .5 = 1 }
{ 1s + 500ms = 1500ms }
{ 2 * 30s = 1m }
{ 1h / 60 = 1m }
{ 1m / 1s = 60 }
{ 1d = 24h }
{ "x" = "x" }
{ "x" != "y" }
{ "cart-7" =~ "cart-[0-9]" }
{ "cart" !~ "pay.*" }
{ "b" > "a" }
{ 5 = 5.0 }
{ .checked }
{ !.checked }
{ !!.checked }
{ span.checked }
{ !span.checked }
{ resource.managed }
{ .checked && .managed }
{ .checked || !.managed }
{ (.checked) }
{ .size = 503 }
{ .size != 503 }
{ .size > 100 }
{ .size >= 100 }
{ .size < 1000 }
{ .size <= 503 }
{ .ratio = 0.5 }
{ .ratio > -1.5 }
{ .ratio < 1e3 }
{ .region = "eu" }
{ .region != "eu" }
{ .region =~ "eu-.*" }
{ .region !~ "us-.*|ap-.*" }
{ .flag = true }
{ .flag = false }
{ .flag != true }
{ .wait = 150ms }
{ .wait > 1.5s }
{ 503 = .size }
{ 100 < .size }
{ 1000 >= .size }
{ "eu" = .region }
{ true = .flag }
{ 2s > duration }
{ "cart" = resource.service.name }
{ .size = .limit }
{ .size != .limit }
{ .size < span.limit }
{ span.size > resource.limit }
{ .size + 1 = .limit }
{ .size + .limit > 1000 }
{ .size - .limit < 0 }
{ .size * 2 >= .limit }
{ .size / .limit < 1 }
{ .size / 2 > 250 }
{ .size % 2 = 1 }
{ .retries ^ 2 > 9 }
{ -.size < 0 }
{ -.size - 1 < .limit }
{ (.size + .limit) / 2 > 500 }
{ 2 * (.size - 3) = 1000 }
{ .size + .limit - 3 > .retries * 2 }
{ .size -1 > 0 }
{ span.bytes / 1024 > 10 }
{ span.bytes > 10 * 1024 }
{ span.bytes > 10kB }
{ .wait * 2 > 300ms }
{ .wait + 10ms > duration }
{ duration > 1s }
{ duration >= 100ms && duration <= 2s }
{ duration = 1s }
{ duration != 1s }
{ duration > 2 * 400ms }
{ duration * 2 > 1s }
{ duration / 2 > 300ms }
{ duration + 1s > 2s }
{ duration - 5ms < 0s }
{ duration > .wait }
{ duration > traceDuration / 2 }
{ traceDuration - duration > 1s }
{ duration < trace:duration }
{ duration = traceDuration }
{ traceDuration > 3s }
{ trace:duration > 3s }
{ span:duration > 50ms }
{ name = "checkout" }
{ name != "checkout" }
{ name =~ "charge.*" }
{ name !~ "charge.*" }
{ name = rootName }
{ name != span.operation }
{ span:name = "items" }
{ status = error }
{ status = ok }
{ status = unset }
{ status != error }
{ status != ok && status != unset }
{ error = status }
{ ok != status }
{ span:status = error }
{ statusMessage = "no luck" }
{ statusMessage =~ ".*luck.*" }
{ span:statusMessage != "" }
{ kind = server }
{ kind = client }
{ kind = internal }
{ kind = producer }
{ kind = consumer }
{ kind = unspecified }
{ kind != server }
{ client = kind }
{ span:kind = server }
{ rootName = "checkout" }
{ trace:rootName =~ "check.*" }
{ rootServiceName = "gateway" }
{ rootServiceName != resource.service.name }
{ trace:rootService = "gateway" }
{ trace:id = "4bf92f35" }
{ span:id = "a4" }
{ span:parentID = "a1" }
{ childCount > 2 }
{ childCount = 0 }
{ span:childCount >= 1 }
{ childCount + 1 < 3 }
{ nestedSetParent = -1 }
{ nestedSetParent < 0 }
{ nestedSetLeft = 1 }
{ nestedSetRight > 4 }
{ nestedSetRight - nestedSetLeft = 1 }
{ parent = nil }
{ parent != nil }
{ event:name = "exception" }
{ event:name =~ "exc.*" }
{ event:timeSinceStart > 2ms }
{ event:timeSinceStart * 2 < duration }
{ event.exception.type = "Timeout" }
{ event.exception.message =~ ".*refused" }
{ event.n > 4 }
{ event.n + 1 = 6 }
{ link:traceID = "2" }
{ link:spanID = "b3" }
{ link.reason = "retry" }
{ instrumentation:name = "lib" }
{ instrumentation:version = "1.2" }
{ instrumentation.k = 1 }
{ parent.size > 100 }
{ parent.span.size = 503 }
{ parent.resource.service.name = "gateway" }
{ parent.span.flag }
{ parent.resource.service.name != resource.service.name }
{ parent.size < .size }
{ parent.size + 1 > .limit }
{ parent.region = nil }
{ parent.span.region != nil }
{ parent.duration > 1s }
{ .region = nil }
{ .region != nil }
{ nil = .region }
{ span.region = nil && resource.region != nil }
{ span."my attr" = 1 }
{ ."x y" = "z" }
{ resource."a b"."c d" = 1 }
{ ."outer key".inner = 1 }
{ .outer."inner key" != nil }
{ span."quo\"ted" = "a" }
{ event."ex type" = "A" }
{ .snake_case = 1 }
{ .kebab-case = 1 }
{ .with/slash = 1 }
{ .plus+sign = 1 }
{ .colon:name = 1 }
{ .smile😀 = 1 }
{ .trailing. = 1 }
{ .count = 1 }
{ .duration = 1 }
{ .name = "n" }
{ .status = "s" }
{ span.name = "n" }
{ span.kind = "k" }
{ span.duration = "slow" }
{ span.status = "odd" }
{ resource.name = "r" }
{ event.name = "exception" }
{ .and = 1 }
{ .or = 1 }
{ .nil = 1 }
{ .true = 1 }
{ .a.b.c.d.e = 1 }
{ .text = "tab\tend" }
{ .text = "line\nend" }
{ .text = "back\\slash" }
{ .text = "say \"hi\"" }
{ .text = "caf\u00e9" }
{ .text = "\U0001F600" }
{ .text =~ "\\d+" }
{ .text = ` + "`raw \\d`" + ` }
{ .text =~ ` + "`^\\d+$`" + ` }
{ name = ` + "`checkout`" + ` }
{ .region = "eu" && .size > 1 || status = error }
{ (.region = "eu" || .region = "us") && duration > 1ms }
{ .region = "eu" && (.size > 1 || (status = error && kind = server)) }
{ !(.region = "eu") }
{ !(.size > 1 && .flag) }
{ (.size > 1) = true }
{ (.size > 1) != false }
{ false = (.size > 1) }
{ .region in ["eu", "us"] }
{ .region IN ["eu", "us"] }
{ .region not in ["eu", "us"] }
{ .size in [1, 2, 503] }
{ .region = ["eu", "us"] }
{ .region != ["eu", "us"] }
{ .region =~ ["eu.*", "us.*"] }
{ .region !~ ["eu.*", "us.*"] }
{ name in ("items", "list") }
{ kind = server } && { kind = client }
{ kind = server } || { kind = client }
{ kind = server } > { kind = client }
{ kind = server } >> { kind = client }
{ kind = client } < { kind = server }
{ kind = client } << { kind = server }
{ kind = client } ~ { kind = client }
{ kind = server } !> { }
{ kind = server } !>> { }
{ kind = client } !< { }
{ kind = client } !<< { }
{ kind = client } !~ { }
{ kind = server } &> { kind = client }
{ kind = server } &>> { kind = client }
{ kind = client } &< { kind = server }
{ kind = client } &<< { kind = server }
{ kind = client } &~ { }
{ true } > { true } > { true }
{ true } && { true } && { .flag }
({ true } || { false }) && { true }
{ .flag } && ({ status = error } || { status = ok })
({ kind = server } > { kind = client }) >> { }
{ name = "checkout" } >> ({ status = error } && { kind = client })
{kind=server}>{kind=client}
{kind=server}>>{kind=client}&&{status=error}
count() > 1
count() = 1
count() != 0
1 < count()
avg(duration) > 10ms
max(duration) >= 1s
min(duration) < 10ms
sum(duration) > 1s
avg(.size) > 1
max(.wait) > 100ms
min(childCount) < 2
sum(.size + 1) > 5
avg(duration * 2) > 1s
max(-.size) < 0
count() + 1 > 3
count() * 2 - 1 = 5
count() / 2 > 1
(count() + 1) * 2 > 6
max(duration) > 2 * avg(duration)
max(duration) - min(duration) > 1s
max(duration) / min(duration) > 10
sum(.size) = max(.size)
min(.size) < max(duration)
avg(.size) + avg(.limit) > 10
2 * count() > sum(childCount)
{ true } | count() > 1
{ true } | count() >= 2 | count() < 9
{ status = error } | count() = 2
{ } | avg(duration) > 100ms
{ } | min(.size) + max(.size) > 1000
{ } | 3 > count()
{ } | max(duration) > avg(duration) * 1.5
{ } | by(resource.service.name) | count() > 1
{ } | by(name) | avg(duration) > 10ms
{ } | by(kind) | by(status) | count() = 1
{ } | by(.size + 1) | count() > 0
{ } | by(duration / 2) | count() = 1
{ } | by(parent.resource.service.name) | count() > 1
{ } | by(span."my attr") | count() > 1
by(resource.service.name) | count() > 1
by(.region) | max(duration) > 1ms
{ } | coalesce()
{ } | by(name) | count() = 1 | coalesce() | count() > 2
coalesce()
coalesce() | count() > 1
{ } | select(.region)
{ } | select(.region, resource.service.name, duration)
{ status = error } | select(span.http.method, name, statusMessage, kind)
select(.region)
{ } | select(event:name, event.exception.type, parent.size, trace:id)
{ } | { status = error }
{ } | { status = error } | { duration > 1ms } | count() > 0
{ .flag } | ({ status = error } || { status = ok })
{ kind = client } | { } > { }
({ true } | count() > 1)
({ true } | count() > 1) && ({ false } | avg(.size) > 1)
({ kind = server } | count() = 1) && ({ kind = client } | count() > 1)
({ kind = server } | count() = 1) || ({ kind = client } | max(duration) > 5s)
({ kind = server } | count() > 0) > { kind = client }
({ kind = server }) >> ({ kind = client } | count() = 2)
({ } | by(name) | count() > 0) | coalesce()
(count() > 1) && (avg(duration) > 1ms)
(by(name) | count() > 0) && { status = error }
({ } | count() > 1) | count() > 2
{ } with (most_recent=true)
{ status = error } with(most_recent=true)
{ status = error } | count() > 1 with (most_recent=true, spss=10)
{ status = error } // the ones that failed
{ status = error /* or is it ok? */ && kind = server }
/* every span */ { }
{ // opening
  status = error && // first
  kind = server
}
{ otel.status_code = "ERROR" }
{ .otel.scope.name = "lib" }
{ .otel.library.name != nil }
{ .w3c.tracestate = "x=1" }
`

// traceqlLines splits the list; a query over several lines is indented from its second on.
func traceqlLines() []string {
	var all []string
	for line := range strings.SplitSeq(strings.TrimSpace(traceql), "\n") {
		if line[0] == ' ' || line == "}" {
			all[len(all)-1] += "\n" + line
			continue
		}
		all = append(all, line)
	}
	return all
}
