package facts

import "tracefall/sources/trace"

// Instances names the instance that each resource of a set is: one of several processes of a service.
type Instances struct {
	names []string
}

// NewInstances reads the resources of a set.
func NewInstances(set *trace.Set) *Instances {
	in := &Instances{names: make([]string, set.Resources())}
	for n := range in.names {
		in.names[n] = firstText(set.Resource(n).Attrs(), spellings[Instance])
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
