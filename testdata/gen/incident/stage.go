package incident

import (
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"tracefall/testdata/gen/scene"
)

// stage is a world with its cast.
type stage struct {
	*scene.World
	cast map[string]*scene.Service
	bad  []trace.TraceID
	good []trace.TraceID
}

func newStage(w *scene.World) *stage { return &stage{World: w, cast: map[string]*scene.Service{}} }

// svc is the service of that name, started with the options when first called.
func (s *stage) svc(name string, options ...scene.Option) *scene.Service {
	if have, ok := s.cast[name]; ok {
		return have
	}
	started := s.Service(name, languageOf(name), options...)
	s.cast[name] = started
	return started
}

// replica is one of several instances of a service.
func (s *stage) replica(name, instance string) *scene.Service {
	key := name + "@" + instance
	if have, ok := s.cast[key]; ok {
		return have
	}
	started := s.Service(name, languageOf(name), scene.Instance(instance))
	s.cast[key] = started
	return started
}

func languageOf(name string) scene.Language {
	switch name {
	case "payment-service", "order-service", "billing-service", "auth-service":
		return scene.Java
	case "checkout-service", "storefront", "mobile-bff", "notification-service":
		return scene.Node
	case "inventory-service", "pricing-service", "cluster-operator", "report-service":
		return scene.Python
	}
	return scene.Go
}

// culprit and reference remember traces for the index.
func (s *stage) culprit(root *scene.Span)   { s.bad = append(s.bad, root.Context().TraceID()) }
func (s *stage) reference(root *scene.Span) { s.good = append(s.good, root.Context().TraceID()) }

// run plays n requests, one every gap with a little jitter.
func (s *stage) run(n int, gap time.Duration, play func(i int, at time.Time)) {
	for i := range n {
		jitter := time.Duration(s.Around(float64(gap)/4, 1))
		play(i, scene.Epoch.Add(time.Duration(i)*gap+jitter).Truncate(time.Microsecond))
	}
}

func postgres(name string) scene.Database {
	return scene.Database{System: "postgresql", Host: name + "-db.prod.svc.cluster.local", Port: 5432, Namespace: name}
}

func redis() scene.Database {
	return scene.Database{System: "redis", Host: "redis.prod.svc.cluster.local", Port: 6379}
}

// Short names for the attributes that scenes are full of.
func str(key, value string) attribute.KeyValue      { return attribute.String(key, value) }
func num(key string, value int) attribute.KeyValue  { return attribute.Int(key, value) }
func yes(key string, value bool) attribute.KeyValue { return attribute.Bool(key, value) }
func among(i int, list ...int) bool {
	for _, x := range list {
		if x == i {
			return true
		}
	}
	return false
}

const (
	clientKind   = trace.SpanKindClient
	serverKind   = trace.SpanKindServer
	internalKind = trace.SpanKindInternal
	consumerKind = trace.SpanKindConsumer
)
