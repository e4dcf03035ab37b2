package semconv

import (
	"tracefall/sources/trace"
)

// Instances names the instance that each resource of a set is: one of several processes of a service, or one of
// several versions, zones or nodes that it runs in.
type Instances struct {
	What  string // "instance", "version", "zone", "node", "region", "tenant"
	names []string
}

// Processes reads which process each resource of a set is.
func Processes(set *trace.Set) *Instances {
	return newInstances(set, "instance", spellings[Instance])
}

// whereabouts are the attributes of a resource, besides its instance, by which the parts of a service can differ.
var whereabouts = []struct {
	what string
	keys []string
}{
	{"version", []string{"service.version", "app.version", "version"}},
	{"zone", []string{"cloud.availability_zone", "topology.kubernetes.io/zone", "zone"}},
	{"node", []string{"k8s.node.name", "host.name", "host.id", "hostname"}},
	{"region", []string{"cloud.region", "region"}},
	{"tenant", spellings[Tenant]},
}

// Dimensions returns the ways in which the resources of a set can be told apart, instances first.
func Dimensions(set *trace.Set) []*Instances {
	list := []*Instances{Processes(set)}
	for _, w := range whereabouts {
		list = append(list, newInstances(set, w.what, w.keys))
	}
	return list
}

func newInstances(set *trace.Set, what string, keys []string) *Instances {
	in := &Instances{What: what, names: make([]string, set.Resources())}
	for n := range in.names {
		in.names[n] = firstText(set.Resource(n).Attrs(), keys)
	}
	return in
}

// Of returns the name of the instance, "" where the export names none.
func (in *Instances) Of(r trace.Resource) string { return in.names[r.Index()] }

// firstText returns the first of the keys' values that is not empty.
func firstText(attrs trace.Attrs, keys []string) string {
	for _, key := range keys {
		if text := attrs.Get(key).String(); text != "" {
			return text
		}
	}
	return ""
}

// HostOf returns the name of the host that a resource runs on, or of its service where the export names no host.
func HostOf(r trace.Resource) string {
	for _, key := range spellings[HostName] {
		if v := r.Attrs().Get(key); v.Type() == trace.TypeString && v.Text() != "" {
			return v.Text()
		}
	}
	return r.Service()
}

// Carries reports whether any span or resource of the set may carry one of some fields: a spelling of it occurs.
func Carries(set *trace.Set, fields ...Field) bool {
	for _, field := range fields {
		for _, key := range spellings[field] {
			if _, ok := set.Symbol(key); ok {
				return true
			}
		}
	}
	return false
}
