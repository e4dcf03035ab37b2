package scene

import (
	"fmt"
	"hash/fnv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

const schemaURL = "https://opentelemetry.io/schemas/1.38.0"

// Language decides the SDK attributes and instrumentation scopes of a service.
type Language string

// The languages the staged services are written in.
const (
	Go     Language = "go"
	Java   Language = "java"
	Node   Language = "nodejs"
	Python Language = "python"
)

// Service is one running process: a TracerProvider with a Resource and a clock.
type Service struct {
	Name string

	world    *World
	lang     Language
	provider *sdktrace.TracerProvider
	place    place
}

// place is where a service runs and how it deviates from the others.
type place struct {
	version, namespace, pod, node, instance, address string
	port                                             int
	skew                                             time.Duration
	limits                                           *sdktrace.SpanLimits
	extra                                            []attribute.KeyValue
}

// Option changes where or how a service runs.
type Option func(*place)

// OnHost sets the host the service runs on.
func OnHost(host string) Option { return func(p *place) { p.node = host } }

// Instance sets service.instance.id and host name, for services outside Kubernetes.
func Instance(id string) Option { return func(p *place) { p.instance, p.node, p.pod = id, id, "" } }

// Skew sets by how much the service's clock is ahead of true time.
func Skew(d time.Duration) Option { return func(p *place) { p.skew = d } }

// Limits sets the SDK's span limits.
func Limits(l sdktrace.SpanLimits) Option { return func(p *place) { p.limits = &l } }

// Resource adds resource attributes.
func Resource(kv ...attribute.KeyValue) Option {
	return func(p *place) { p.extra = append(p.extra, kv...) }
}

// Service starts a process named name.
func (w *World) Service(name string, lang Language, options ...Option) *Service {
	p := place{
		version:   "1.4.2",
		namespace: "prod",
		pod:       fmt.Sprintf("%s-%s-%s", name, w.Hex(9), w.Hex(5)),
		node:      fmt.Sprintf("ip-10-2-%d-%d.eu-west-1.compute.internal", w.Int(1, 60), w.Int(2, 250)),
		port:      8080,
	}
	if w.lean {
		p.node = fmt.Sprintf("node-%d-%d", w.Int(1, 60), w.Int(2, 250))
	}
	if w.cluster {
		p.pod, p.node = placeIn(name)
	}
	p.address = name + "." + p.namespace + ".svc.cluster.local"
	for _, o := range options {
		o(&p)
	}
	s := &Service{Name: name, world: w, lang: lang, place: p}
	limits := sdktrace.NewSpanLimits()
	if p.limits != nil {
		limits = *p.limits
	}
	s.provider = sdktrace.NewTracerProvider(
		sdktrace.WithSyncer(w.capture),
		sdktrace.WithIDGenerator(w.ids),
		sdktrace.WithRawSpanLimits(limits),
		sdktrace.WithResource(resource.NewWithAttributes(schemaURL, s.resource()...)),
	)
	return s
}

// placeIn returns the pod and the host of a service in a cluster.
func placeIn(name string) (pod, node string) {
	h := fnv.New64a()
	h.Write([]byte(name))
	sum := h.Sum64()
	return fmt.Sprintf("%s-%09x-%05x", name, sum>>28, sum&0xfffff),
		fmt.Sprintf("ip-10-2-%d-%d.eu-west-1.compute.internal", sum>>8%60, sum%250)
}

// resource is what the SDK's detectors and the operator's environment would say.
func (s *Service) resource() []attribute.KeyValue {
	p, out := s.place, []attribute.KeyValue{attribute.String("service.name", s.Name)}
	add := func(key, value string) {
		if value != "" {
			out = append(out, attribute.String(key, value))
		}
	}
	add("host.name", p.node)
	switch {
	case p.instance != "":
		add("service.instance.id", p.instance)
	case !s.world.lean:
		add("k8s.pod.name", p.pod)
	}
	if !s.world.lean {
		add("service.version", p.version)
		add("service.namespace", "shop")
		add("deployment.environment.name", "production")
		add("telemetry.sdk.language", string(s.lang))
		add("telemetry.sdk.name", "opentelemetry")
		add("telemetry.sdk.version", sdkVersion(s.lang))
		if p.instance == "" {
			add("k8s.namespace.name", p.namespace)
			add("k8s.deployment.name", s.Name)
			add("cloud.region", "eu-west-1")
		}
	}
	return append(out, p.extra...)
}

func sdkVersion(lang Language) string {
	switch lang {
	case Java:
		return "1.56.0"
	case Node:
		return "2.2.0"
	case Python:
		return "1.38.0"
	case Go:
		return "1.47.0"
	}
	return ""
}

// Library is what was instrumented: it names the scope of the span.
type Library string

// The kinds of library that services are instrumented in.
const (
	Own       Library = "own"
	HTTP      Library = "http"
	SQL       Library = "sql"
	Cache     Library = "cache"
	RPC       Library = "rpc"
	Messaging Library = "messaging"
)

// scopeOf names the instrumentation library of each language by what it watches.
func scopeOf(lang Language, lib Library) (name, version string) {
	switch lang {
	case Java:
		return map[Library]string{
			HTTP: "io.opentelemetry.tomcat-10.0", SQL: "io.opentelemetry.jdbc", Cache: "io.opentelemetry.lettuce-5.1",
			RPC: "io.opentelemetry.grpc-1.6", Messaging: "io.opentelemetry.kafka-clients-2.6",
		}[lib], "2.22.0-alpha"
	case Node:
		return map[Library]string{
			HTTP: "@opentelemetry/instrumentation-http", SQL: "@opentelemetry/instrumentation-pg", Cache: "@opentelemetry/instrumentation-ioredis",
			RPC: "@opentelemetry/instrumentation-grpc", Messaging: "@opentelemetry/instrumentation-kafkajs",
		}[lib], "0.208.0"
	case Python:
		return map[Library]string{
			HTTP: "opentelemetry.instrumentation.fastapi", SQL: "opentelemetry.instrumentation.psycopg2", Cache: "opentelemetry.instrumentation.redis",
			RPC: "opentelemetry.instrumentation.grpc", Messaging: "opentelemetry.instrumentation.kafka",
		}[lib], "0.59b0"
	case Go:
		return map[Library]string{
			HTTP: "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp", SQL: "github.com/exaring/otelpgx",
			Cache: "github.com/redis/go-redis/extra/redisotel/v9",
			RPC:   "go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc", Messaging: "github.com/twmb/franz-go/plugin/kotel",
		}[lib], "0.64.0"
	}
	return "", ""
}

func (s *Service) tracer(lib Library) trace.Tracer {
	name, version := scopeOf(s.lang, lib)
	if name == "" {
		name, version = s.Name, s.place.version
	}
	return s.provider.Tracer(name, trace.WithInstrumentationVersion(version))
}
