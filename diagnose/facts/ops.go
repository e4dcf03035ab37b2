package facts

import (
	"regexp"
	"strings"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Op is an operation: what two spans have in common when they are the same work with other values. It is the key
// of repetition, of the calling-context tree and of comparison.
type Op struct {
	Service  string
	Class    semconv.Class
	Kind     trace.Kind
	Name     string // the method, verb or command; the normalised span name for internal work
	Peer     string // whom a call goes to: peer service, host, or database system and namespace
	Template string // statement, route, key pattern, destination; "" for internal work
}

// Label returns the operation as findings quote it: "SELECT likes WHERE post_id = ?", "POST /charge".
func (o Op) Label() string {
	switch {
	case o.Template == "":
		return o.Name
	case o.Name == "" || strings.HasPrefix(o.Template, o.Name):
		return o.Template
	}
	return o.Name + " " + o.Template
}

// Detail is what is known of an operation besides its key.
type Detail struct {
	Statement normalize.Statement // for ClassSQL with a text
	Coarse    bool                // the template is made of a summary or of names, not of the text: less certain
	Redacted  bool                // the exporter masked a part of the template
	Write     bool                // it changes something
	Read      bool                // it only reads
	Beside    bool                // it writes to what is kept beside the work: audits, metrics, outboxes
}

// Ops is what facts of one trace need to know of its set: the operations by number, and the clocks of its hosts.
// Reading spans fills it; numbers follow the order of reading.
type Ops struct {
	fields   *semconv.Fields
	clocks   *clocks.Clocks
	learned  *normalize.Learned
	numbers  map[Op]int32
	ops      []Op
	details  []Detail
	sql      map[sqlText]normalize.Statement
	urls     map[string]normalize.URL
	commands map[string]string // patterns of cache commands, by text
	errors   semconv.TextClasses
	canon    semconv.Canonical
	names    map[trace.Symbol]semconv.NameSort
	own      map[string]string     // names of the services that emitted spans, by their folded spellings
	kinded   map[trace.Symbol]bool // services that record the kinds of their spans

	asked      map[string]struct{} // authorities that serving spans were asked under
	domains    map[string]bool     // of them the public domains
	compressed bool                // a span stands for several calls
	breakers   bool                // spans may record the state of a circuit breaker
}

type sqlText struct{ text, system string }

// NewOps prepares the operations of a set: it reads the URLs of all its spans once, to learn which of their
// segments vary, and the calls between its hosts.
func NewOps(set *trace.Set) *Ops {
	o := &Ops{
		fields: semconv.NewFields(set), clocks: clocks.New(set), numbers: map[Op]int32{}, sql: map[sqlText]normalize.Statement{}, urls: map[string]normalize.URL{}, commands: map[string]string{}, errors: semconv.TextClasses{},
		names: map[trace.Symbol]semconv.NameSort{}, asked: map[string]struct{}{}, domains: map[string]bool{},
	}
	o.learned = normalize.Learn(set, o.urls)
	o.own, o.kinded = services(set), semconv.KindRecorders(set)
	o.breakers = semconv.Carries(set, semconv.BreakerState)
	return o
}

// Clocks returns what is known of the clocks of the set's hosts.
func (o *Ops) Clocks() *clocks.Clocks { return o.clocks }

// Fields returns what finds the canonical attributes of the set's spans.
func (o *Ops) Fields() *semconv.Fields { return o.fields }

// Breakers reports whether spans of the set may record the state of a circuit breaker.
func (o *Ops) Breakers() bool { return o.breakers }

// Len returns how many operations were met.
func (o *Ops) Len() int { return len(o.ops) }

// Op returns operation n.
func (o *Ops) Op(n int32) Op { return o.ops[n] }

// Detail returns what else is known of operation n.
func (o *Ops) Detail(n int32) Detail { return o.details[n] }

// spanFact is what the facts keep of a span: 24 bytes.
type spanFact struct {
	op      int32
	class   semconv.Class
	kind    trace.Kind
	outcome semconv.Outcome
	failure semconv.ErrorClass
	params  uint64 // hash of the visible values, 0 where none are visible
	resend  int32  // how often it was tried before, as recorded; -1 where nothing is
	calls   int32  // that a compressed span stands for, 0 for one
}

// read works out the facts of one span.
func (o *Ops) read(span trace.Span) spanFact {
	c := &o.canon
	o.fields.Read(span, c)
	var f spanFact
	name := once(o.names, span.NameSymbol(), func(trace.Symbol) semconv.NameSort { return semconv.NameSortOf(span.Name()) })
	f.class = semconv.ClassOf(span, c, name)
	f.kind = semconv.KindOf(span, c, f.class, o.kinded[span.ServiceSymbol()])
	if f.class == semconv.ClassInternal && f.kind == trace.KindClient && !semconv.WorksBelow(span) {
		f.class = semconv.ClassCall
	}
	f.outcome = semconv.OutcomeOf(span, c, f.kind)
	o.noteDomain(f.kind, c)
	if f.outcome >= semconv.OutcomeSoft {
		f.failure = o.errors.Classify(span, c)
	}
	f.resend = semconv.Resends(c)
	f.calls = o.compressedCalls(c)
	op := Op{Service: span.Service(), Class: f.class, Kind: f.kind}
	var d Detail
	f.params = o.describe(span, c, &op, &d)
	f.op = o.number(op, d)
	return f
}

// number returns the number of an operation. Operations are quoted everywhere: what secrets their services, peers, names
// and templates still hold is masked, once for each.
func (o *Ops) number(op Op, d Detail) int32 {
	n, ok := o.numbers[op]
	if ok {
		return n
	}
	shown := op
	shown.Service, shown.Peer = secrets.Masked(op.Service), secrets.Masked(op.Peer)
	shown.Name, shown.Template = secrets.Masked(op.Name), secrets.Masked(op.Template)
	if n, ok = o.numbers[shown]; !ok {
		n = int32(len(o.ops))
		d.Beside = d.Write && bookkeeping.MatchString(op.Template)
		o.numbers[shown] = n
		o.ops, o.details = append(o.ops, shown), append(o.details, d)
	}
	o.numbers[op] = n
	return n
}

// bookkeeping are tables and queues that are written to beside the work, and may be written to twice.
var bookkeeping = regexp.MustCompile(`(?i)(^|[^a-z])(audit|log|logs|event_log|history|metric|metrics|stats|statistics|counter|counters|outbox|trace|telemetry|idempotency)([^a-z]|$)`)
