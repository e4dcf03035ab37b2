package semconv

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/sources/trace"
)

// Outcome says how a span ended.
type Outcome uint8

// The outcomes, from good to bad.
const (
	OutcomeOK      Outcome = iota
	OutcomeHandled         // an exception was recorded, but the span did not fail
	OutcomeSoft            // refused for a reason that callers expect: 4xx of a server, 404, 409, 412, 422
	OutcomeHard            // failed
)

// ErrorClass is the sort of failure, as far as it can be told.
type ErrorClass uint8

// The sorts of failure.
const (
	ErrorNone ErrorClass = iota
	ErrorTimeout
	ErrorRefused // refused or unavailable
	ErrorReset
	ErrorOverload
	ErrorBreakerOpen
	ErrorPool
	ErrorAuth
	ErrorConflict
	ErrorCancelled
	ErrorInjected // Envoy injected it on purpose
	ErrorRetries  // the retries ran out
	ErrorClient
	ErrorOther
)

var errorNames = [...]string{"", "timeout", "unavailable", "reset", "overload", "circuit breaker open", "pool exhausted", "auth", "conflict",
	"cancelled", "fault injected", "retries exhausted", "client", "other"}

// String returns the class as findings spell it.
func (e ErrorClass) String() string { return errorNames[e] }

// grpcCodes are the names of the status codes 0–16.
var grpcCodes = [...]string{"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
	"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL",
	"UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"}

// RPCCode returns the name of the span's gRPC status, "" where there is none.
func RPCCode(c *Canonical) string {
	if n, ok := c.Int(RPCStatus); ok {
		if n >= 0 && int(n) < len(grpcCodes) {
			return grpcCodes[n]
		}
		return ""
	}
	return strings.ToUpper(c.Text(RPCStatus))
}

// serverFaults are the gRPC codes that count as errors of a server: semantic conventions, "gRPC status".
var serverFaults = lex.Set("UNKNOWN DEADLINE_EXCEEDED UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS")

// OutcomeOf tells how a span ended.
func OutcomeOf(span trace.Span, c *Canonical, kind trace.Kind) Outcome {
	status, hasStatus := c.Int(HTTPStatus)
	code := RPCCode(c)
	switch {
	case span.Error(), hasStatus && status >= 500 && status < 600, meshFailed(c):
		if hasStatus && expected(status) && !strongError(span) {
			return OutcomeSoft
		}
		return OutcomeHard
	case hasStatus && status >= 400 && status < 500:
		return OutcomeSoft
	case code != "" && code != "OK":
		if kind == trace.KindServer && !serverFaults[code] {
			return OutcomeSoft
		}
		return OutcomeHard
	case hasException(span):
		return OutcomeHandled
	}
	return OutcomeOK
}

// expected are the refusals that are part of a conversation.
func expected(status int64) bool {
	return status == 404 || status == 409 || status == 412 || status == 422
}

// strongError: the exporter says more than that the status was not 2xx.
func strongError(span trace.Span) bool { return span.StatusMessage() != "" || hasException(span) }

// OnlyFailed reports whether a span that failed says nothing else of how it ended: no code, no text.
func OnlyFailed(span trace.Span, c *Canonical) bool {
	return !strongError(span) && !c.Has(HTTPStatus) && !c.Has(RPCStatus) && !c.Has(ErrorType) && !meshFailed(c)
}

func hasException(span trace.Span) bool {
	for i := range span.Events() {
		if e := span.Event(i); e.Name() == "exception" || e.Name() == "error" {
			return true
		}
	}
	return false
}

// ErrorTexts returns the texts that say what went wrong, the most telling first: the status message, messages of
// exceptions and of Jaeger's logs, and tags.
func ErrorTexts(span trace.Span, c *Canonical) []string {
	var texts []string
	add := func(text string) {
		if text != "" {
			texts = append(texts, text)
		}
	}
	add(span.StatusMessage())
	for i := range span.Events() {
		e := span.Event(i)
		for _, key := range [...]string{"exception.type", "exception.message", "error.kind", "message", "error.object"} {
			if e.Name() == "exception" || e.Name() == "error" || key == "error.object" {
				add(e.Attrs().Get(key).String())
			}
		}
	}
	add(c.Text(ErrorMessage))
	if v := span.Attrs().Get("error"); v.Type() == trace.TypeString && v.Failure() && !strings.EqualFold(v.Text(), "true") {
		add(v.Text())
	}
	return texts
}

// ErrorClassOf tells what sort of failure a span that did not end well had: by error.type and codes first, by
// the texts last.
func ErrorClassOf(span trace.Span, c *Canonical) ErrorClass { return TextClasses{}.Classify(span, c) }

// TextClasses remembers what texts were about: matching them is slow, and failures repeat.
type TextClasses map[string]ErrorClass

// mostTexts bounds what is remembered.
const mostTexts = 10_000

func (known TextClasses) of(text string) ErrorClass {
	class, ok := known[text]
	if !ok {
		class = textClass(text)
		if len(known) < mostTexts {
			known[text] = class
		}
	}
	return class
}

// Classify is ErrorClassOf, and remembers what the texts were about.
func (known TextClasses) Classify(span trace.Span, c *Canonical) ErrorClass {
	if class := cmp.Or(meshClass(c), proxyClass(c)); class != ErrorNone {
		return class
	}
	texts := ErrorTexts(span, c)
	if t := c.Text(ErrorType); t != "" {
		if class := known.of(t); class != ErrorOther {
			return class
		}
	}
	for _, text := range texts {
		// A pool that timed out is a pool; a breaker's message mentions what it guards.
		if class := known.of(text); class == ErrorPool || class == ErrorBreakerOpen {
			return class
		}
	}
	if class := codeClass(c); class != ErrorNone {
		if class == ErrorRefused && slices.ContainsFunc(texts, func(text string) bool { return known.of(text) == ErrorOverload }) {
			return ErrorOverload
		}
		return class
	}
	for _, text := range texts {
		if class := known.of(text); class != ErrorOther {
			return class
		}
	}
	return ErrorOther
}

// statusClasses are what HTTP statuses mean that mean more than a fault of the client.
var statusClasses = map[int64]ErrorClass{
	504: ErrorTimeout, 408: ErrorTimeout, 522: ErrorTimeout, 524: ErrorTimeout, 598: ErrorTimeout, 599: ErrorTimeout, // 52x: Cloudflare; 59x: proxies' read and connect timeouts
	503: ErrorRefused, 521: ErrorRefused, 523: ErrorRefused,
	429: ErrorOverload,
	401: ErrorAuth, 403: ErrorAuth, 407: ErrorAuth,
	409: ErrorConflict,
	499: ErrorCancelled, 460: ErrorCancelled, // nginx and AWS load balancers: the client closed the connection
}

// rpcClasses are what the codes of gRPC mean.
var rpcClasses = map[string]ErrorClass{
	"DEADLINE_EXCEEDED": ErrorTimeout, "UNAVAILABLE": ErrorRefused, "RESOURCE_EXHAUSTED": ErrorOverload, "CANCELLED": ErrorCancelled,
	"UNAUTHENTICATED": ErrorAuth, "PERMISSION_DENIED": ErrorAuth,
	"ABORTED": ErrorConflict, "ALREADY_EXISTS": ErrorConflict,
	"INVALID_ARGUMENT": ErrorClient, "NOT_FOUND": ErrorClient, "FAILED_PRECONDITION": ErrorClient, "OUT_OF_RANGE": ErrorClient,
}

func codeClass(c *Canonical) ErrorClass {
	status, _ := c.Int(HTTPStatus)
	if class, ok := statusClasses[status]; ok {
		return class
	}
	if status >= 400 && status < 500 {
		return ErrorClient
	}
	return rpcClasses[RPCCode(c)]
}

// errorTexts are the messages of drivers, clients and runtimes, in the order in which they are tried: what names a
// cause comes before what names its effect.
var errorTexts = []struct {
	class   ErrorClass
	pattern *regexp.Regexp
}{
	{ErrorBreakerOpen, regexp.MustCompile(`(?i)EOPENBREAKER|circuit.?(breaker)?.{0,12}open|circuit.?breaker.{0,80}\bopen\b|\bbreaker is open|BrokenCircuit|CallNotPermitted`)},
	{ErrorPool, regexp.MustCompile(`(?i)pool (is )?(exhaust|timed out|is closed)|QueuePool limit|Connection is not available, request timed out|` +
		`remaining connection slots|too many (connections|clients)|Timeout waiting for (idle )?connection|PoolTimeout|` +
		`max(imum)? (number of )?connections|bulkhead.*full|BulkheadRejected|RejectedExecution|` +
		`(checking out|acquiring) a connection|connection acquisition timed out|PoolAcquire|Pool#acquire|pool (is )?(probably )?(full|empty|timeout)|` +
		`(connection|resource) from the (connection )?pool|query_wait_timeout|no more connections allowed`)},
	{ErrorTimeout, regexp.MustCompile(`(?i)ETIMEDOUT|ESOCKETTIMEDOUT|DEADLINE_EXCEEDED|tim(e|ed|ing)?[ -]?out|deadline exceeded|^504$|context deadline`)},
	{ErrorOverload, regexp.MustCompile(`(?i)RESOURCE_EXHAUSTED|rate.?limit|too many requests|throttl|overloaded|^429$`)},
	{ErrorReset, regexp.MustCompile(`(?i)ECONNRESET|EPIPE|connection reset|broken pipe|\bEOF\b`)},
	{ErrorRefused, regexp.MustCompile(`(?i)ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|connection refused|no such host|no route|unreachable|no healthy upstream|UNAVAILABLE|^503$`)},
	{ErrorCancelled, regexp.MustCompile(`(?i)context cancell?ed|operation was cancell?ed|\baborted by (the )?(client|caller)|\bCANCELLED\b|RST_STREAM.{0,40}\bCANCEL\b|client closed (the )?(request|connection)`)},
	{ErrorConflict, regexp.MustCompile(`(?i)deadlock|serialization failure|version conflict|optimistic lock|^409$`)},
	{ErrorAuth, regexp.MustCompile(`(?i)unauthori[sz]ed|unauthenticated|permission denied|access denied|forbidden|invalid token|^40[13]$`)},
}

func textClass(text string) ErrorClass {
	// Messages can be whole stack traces; what they are about stands at the start.
	text = text[:min(len(text), 512)]
	for _, t := range errorTexts {
		if t.pattern.MatchString(text) {
			return t.class
		}
	}
	return ErrorOther
}

// Resends reads how often a call had been tried before it, or again; -1 where the span does not say. Some attributes
// number the attempts from one, the others count what came after the first.
func Resends(c *Canonical) int32 {
	n, ok := c.Int(Resend)
	if !ok || n < 0 || n >= 1000 {
		return -1
	}
	switch c.Key(Resend) {
	case "attempt", "retry.attempt", "x-envoy-attempt-count":
		n = max(n-1, 0)
	}
	return int32(n)
}
