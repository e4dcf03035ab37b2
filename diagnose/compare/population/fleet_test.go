package population_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
)

// fleet is a made-up system of services that call each other, in which faults are made: another topology, load and
// instrumentation for each seed.
type fleet struct {
	endpoints [][]endpoint // by service
	roots     []target     // what clients ask for
	names     []string
	offset    []int64 // ns of the clock of each service
	spread    float64 // of all times: the standard deviation of their logarithm
	style     style
}

var fleetWords = strings.Fields("gateway order payment user auth route train station seat price basic travel food consign contacts notify verify security " +
	"config cancel rebook assurance inside preserve execute voucher avatar news ticket office delivery wait")

var verbs = strings.Fields("list find create update refresh check")

// path is what an endpoint is asked for by.
func (f *fleet) path(t target) string {
	return "/api/" + f.names[t.service] + "/" + verbs[t.endpoint%len(verbs)] + []string{"", "/all"}[t.endpoint/len(verbs)]
}

// style is what the instrumentation records.
type style struct {
	kinds    bool // client and server
	generic  bool // clients name no operation
	poor     bool // no addresses
	internal bool // controllers and repositories have spans
	bare     bool // calls have no span of their own: only what is asked for has
	mute     bool // no status is recorded
	dropped  float64
}

type target struct{ service, endpoint int }

type endpoint struct {
	work  float64 // ms
	steps []callStep
}

// callStep is something that an endpoint does: a call, or a query where the target is none.
type callStep struct {
	target
	query    float64 // ms
	times    int
	chance   float64
	parallel bool // with the step before
}

// newFleet makes a system of n services. Services only call those of higher numbers.
func newFleet(r *rand.Rand, n int, s style) *fleet {
	f := &fleet{spread: 0.2 + 0.4*r.Float64(), style: s}
	for v := range n {
		f.names = append(f.names, fleetWords[v%len(fleetWords)]+[]string{"", "-store", "-admin"}[v/len(fleetWords)])
		f.offset = append(f.offset, r.Int64N(40e6)-20e6)
		f.endpoints = append(f.endpoints, make([]endpoint, 1+r.IntN(3)))
	}
	if r.IntN(2) == 0 {
		clear(f.offset)
	}
	for v := range f.endpoints {
		for e := range f.endpoints[v] {
			x := &f.endpoints[v][e]
			x.work = 0.5 * math.Exp(r.Float64()*3)
			if r.IntN(3) > 0 {
				x.steps = append(x.steps, callStep{target: target{-1, 0}, query: 0.5 * math.Exp(r.Float64()*2.5), times: 1 + r.IntN(2), chance: 1})
			}
			calls := r.IntN(4) - v*3/n
			if v == 0 {
				calls = 2 + r.IntN(3)
			}
			for range max(calls, 0) {
				if v+1 >= n {
					break
				}
				to := v + 1 + int(float64(n-v-1)*r.Float64()*r.Float64())
				call := callStep{target: target{to, r.IntN(len(f.endpoints[to]))}, times: 1, chance: 1, parallel: r.IntN(5) == 0}
				if r.IntN(4) == 0 {
					call.chance = 0.3 + 0.6*r.Float64()
				}
				if r.IntN(8) == 0 {
					call.times = 2 + r.IntN(3)
				}
				x.steps = append(x.steps, call)
			}
		}
	}
	f.endpoints[0] = f.endpoints[0][:1]
	for range 4 + r.IntN(4) {
		x := endpoint{work: 1 + r.Float64()}
		for range 1 + r.IntN(3) {
			to := 1 + r.IntN(max(n/2, 1))
			x.steps = append(x.steps, callStep{target: target{to, r.IntN(len(f.endpoints[to]))}, times: 1, chance: 1})
		}
		f.endpoints[0] = append(f.endpoints[0], x)
		f.roots = append(f.roots, target{0, len(f.endpoints[0]) - 1})
	}
	return f
}

// trouble is a fault of one service, of all of its endpoints or of one.
type trouble struct {
	kind    string
	service int
	only    int     // endpoint, -1 for all
	size    float64 // ms, or a factor
	chance  float64 // of a call to be affected
}

var troubles = []string{"delay", "cpu", "error", "exception", "early", "silent", "kill", "memory", "disk", "pool"}

func newTrouble(r *rand.Rand, kind string, v, endpoints int) trouble {
	x := trouble{kind: kind, service: v, only: -1, chance: 0.4 + 0.6*r.Float64()}
	if endpoints > 1 && (kind == "exception" || kind == "early") && r.IntN(2) == 0 {
		x.only = r.IntN(endpoints)
	}
	switch kind {
	case "delay":
		x.size, x.chance = 10*math.Exp(r.Float64()*3), 1
	case "cpu", "disk":
		x.size, x.chance = 3+6*r.Float64(), 1
	case "memory", "pool":
		x.size = 50 + 250*r.Float64()
	}
	return x
}

// maker makes one trace.
type maker struct {
	*fleet
	r     *rand.Rand
	spans []comparetest.Span
	bad   *trouble // nil for none
	pace  float64
	hits  int // times that the fault struck
	root  int // that is asked for
}

func (m *maker) ms(mean float64) int64 {
	d := mean * 1e6 * m.pace * math.Exp(m.r.NormFloat64()*m.spread)
	if m.r.IntN(200) == 0 {
		d *= 8
	}
	return int64(d)
}

func (m *maker) span(parent, service int, name string, kind trace.Kind, from int64) int {
	if !m.style.kinds {
		kind = trace.KindUnspecified
	}
	m.spans = append(m.spans, comparetest.Span{Parent: parent, Service: m.names[service], Name: name, Kind: kind, Start: from})
	return len(m.spans) - 1
}

func (m *maker) hit(kind string, t target) bool {
	hit := m.has(kind, t.service) && (m.bad.only < 0 || m.bad.only == t.endpoint) && m.r.Float64() < m.bad.chance
	if hit {
		m.hits++
	}
	return hit
}

func (m *maker) has(kind string, service int) bool {
	return m.bad != nil && m.bad.kind == kind && m.bad.service == service
}

// work lets a service do its own work for so many ms.
func (m *maker) work(service int, mean float64) int64 {
	d := m.ms(mean)
	if m.has("cpu", service) {
		m.hits++
		d = int64(float64(d) * m.bad.size)
	}
	return d
}

// wire is how long a request or an answer is under way between two services, -1 for what is beyond.
func (m *maker) wire(from, to int) int64 {
	d := m.ms(0.3)
	for _, end := range [2]int{from, to} {
		if end < 0 {
			continue
		}
		if m.has("delay", end) {
			m.hits++
			d += m.ms(m.bad.size / 2)
		}
		if m.has("cpu", end) {
			d += m.ms(0.1 * m.bad.size)
		}
	}
	return d
}

// serve adds the span of an endpoint and what is below, and returns its end and whether it failed.
func (m *maker) serve(parent int, t target, from int64) (end int64, failed bool) {
	e := &m.endpoints[t.service][t.endpoint]
	top := m.span(parent, t.service, m.path(t), trace.KindServer, from)
	at, in := from, top
	if m.style.internal && t.service > 0 {
		in = m.span(top, t.service, "Controller."+verbs[t.endpoint%len(verbs)], trace.KindInternal, at+m.ms(0.05))
		at = m.spans[in].Start
	}
	heavy := math.Exp(0.3 * math.Sin(float64(7*m.root+13*t.service+5*t.endpoint))) // some clients ask for more
	at += m.work(t.service, e.work*heavy*0.7)
	if m.hit("memory", t) {
		at += m.ms(m.bad.size)
	}
	steps := e.steps
	switch {
	case m.hit("early", t):
		at, steps = from+m.ms(0.2), nil
	case m.hit("silent", t):
		return m.leave(top, in, from+m.ms(0.2), false), true
	case m.hit("error", t):
		failed, steps = true, steps[:m.r.IntN(len(steps)+1)]
	case m.hit("exception", t):
		failed, steps = true, nil
	}
	began, last := at, at
	for _, s := range steps {
		if m.r.Float64() >= math.Pow(s.chance, 1+0.7*math.Sin(float64(5*m.root+3*s.service+t.service))) {
			continue
		}
		if s.parallel {
			at = began
		}
		began = at
		for range s.times {
			var broke bool
			at, broke = m.callStep(in, t, s, at)
			if broke && m.r.IntN(5) > 0 { // else it makes do without
				return m.leave(top, in, max(at, last)+m.ms(0.1), m.bad.kind != "silent"), true
			}
		}
		at = max(at, last)
		last = at
	}
	if !m.hit("early", t) {
		at += m.work(t.service, e.work*heavy*0.3)
	}
	return m.leave(top, in, at, failed), failed
}

func (m *maker) leave(top, in int, end int64, failed bool) int64 {
	m.spans[in].End, m.spans[top].End = end, end
	m.spans[in].Failed, m.spans[top].Failed = failed, failed
	if in != top {
		m.spans[top].End += m.ms(0.05)
	}
	return m.spans[top].End
}

// callStep adds a call or a query.
func (m *maker) callStep(in int, t target, s callStep, at int64) (end int64, failed bool) {
	if s.service < 0 {
		if m.style.internal && m.hit("pool", t) {
			wait := m.span(in, t.service, "HikariPool.getConnection", trace.KindInternal, at)
			at += m.ms(m.bad.size)
			m.spans[wait].End = at
		} else if m.hit("pool", t) {
			at += m.ms(m.bad.size)
		}
		query := m.span(in, t.service, "find "+m.names[t.service], trace.KindClient, at)
		took := m.ms(s.query)
		if m.has("disk", t.service) {
			m.hits++
			took = int64(float64(took) * m.bad.size)
		}
		at += took + m.wire(t.service, -1) + m.wire(-1, t.service)
		m.spans[query].End = at
		return at, false
	}
	name := "GET " + m.path(s.target)
	if m.style.generic {
		name = "GET"
	}
	if m.style.bare {
		at, failed = m.serve(in, s.target, at+m.wire(t.service, s.service))
		return at + m.wire(s.service, t.service), failed
	}
	call := m.span(in, t.service, name, trace.KindClient, at)
	if !m.style.poor {
		m.spans[call].Attrs = map[string]string{"http.method": "GET", "http.url": "http://" + m.names[s.service] + ":8080" + m.path(s.target)}
	}
	if m.hit("kill", s.target) {
		at += m.ms(2)
		if m.r.IntN(3) == 0 {
			at += m.ms(1000)
		}
		m.spans[call].End, m.spans[call].Failed = at, true
		return at, true
	}
	at, failed = m.serve(call, s.target, at+m.wire(t.service, s.service))
	at += m.wire(s.service, t.service)
	m.spans[call].End, m.spans[call].Failed = at, failed && m.bad.kind != "silent"
	return at, failed
}

// make makes n traces: mix says how often which root operation is asked for.
func (f *fleet) make(t testing.TB, r *rand.Rand, n int, mix []float64, pace float64, bad *trouble) (list []*facts.Facts, hit int) {
	b := trace.NewBuilder()
	for id := range n {
		m := &maker{fleet: f, r: r, bad: bad, pace: pace}
		root, left := 0, r.Float64()
		for root < len(mix)-1 && left >= mix[root] {
			left -= mix[root]
			root++
		}
		m.root = root
		m.serve(-1, f.roots[root], 0)
		hit += min(m.hits, 1)
		for i := range m.spans {
			s := &m.spans[i]
			v := slices.Index(f.names, s.Service)
			s.Start, s.End = s.Start+f.offset[v]+1e12, s.End+f.offset[v]+1e12
			s.Failed = s.Failed && !f.style.mute
			s.Lost = i > 0 && r.Float64() < f.style.dropped
		}
		comparetest.Build(t, b, uint64(id)+1, m.spans, "http.method", "http.url")
	}
	return factstest.Of(b.Build()), hit
}

func mixOf(r *rand.Rand, n int) []float64 {
	mix, sum := make([]float64, n), 0.0
	for i := range mix {
		mix[i] = math.Exp(r.NormFloat64() * 0.8)
		sum += mix[i]
	}
	for i := range mix {
		mix[i] /= sum
	}
	return mix
}
