package population

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tracefall/sources/trace"
)

// Sampler is what traces say of how they were chosen from all that there were. Shares of sampled traces are those of
// the traffic only where chance chose them.
type Sampler struct {
	Text   string // "sampler.type=probabilistic, sampler.param=0.3"
	Traces [2]int // good and bad that say so
	Tail   bool   // chosen after they had ended, by what they were: errors and slow ones are more than their share
}

// samplersMost is how many samplers are told.
const samplersMost = 6

// Where samplers leave their mark: clients of Jaeger and OpenTracing, Honeycomb, and after the trace has ended the
// collector's tail-sampling processor and Refinery.
var (
	headSamplers = [...]string{"sampler.type", "sampler.param", "sampling.probability", "sampling.priority", "SampleRate"}
	tailSamplers = [...]string{"tailsampling.policy", "tailsampling.composite_policy", "meta.refinery.reason"}
)

// aboutSampling reports whether a key says how a trace was sampled. It is no property of what was traced.
func aboutSampling(key string) bool {
	return slices.Contains(headSamplers[:], key) || slices.Contains(tailSamplers[:], key) ||
		strings.HasPrefix(key, "tailsampling.") || strings.HasPrefix(key, "meta.refinery.")
}

// samplers reads how the traces were sampled off their first spans.
func samplers(p *population, c *Comparison) {
	var known inOrder[string, Sampler]
	for i, f := range p.all {
		text, tail := samplerOf(f.Trace.Root())
		if text == "" {
			continue
		}
		s := known.of(text)
		s.Text, s.Tail = text, tail
		s.Traces[p.sideOf(int32(i))]++
	}
	for _, s := range known.all {
		c.Samplers = append(c.Samplers, *s)
	}
	rank := func(s Sampler) int {
		if s.Tail {
			return -s.Traces[0] - s.Traces[1]
		}
		return len(p.all) - s.Traces[0] - s.Traces[1]
	}
	slices.SortStableFunc(c.Samplers, func(a, b Sampler) int { return cmp.Compare(rank(a), rank(b)) })
	c.Samplers = c.Samplers[:min(len(c.Samplers), samplersMost)]
}

// samplerOf returns how a trace with this first span was sampled, "" where it does not say.
func samplerOf(s trace.Span) (text string, tail bool) {
	var parts []string
	read := func(key string) bool {
		for _, attrs := range [...]trace.Attrs{s.Attrs(), s.Scope().Attrs(), s.Resource().Attrs()} {
			if v := attrs.Get(key); v.Type() != trace.TypeNone {
				value := v.String()
				parts = append(parts, key+"="+strings.ToValidUTF8(value[:min(len(value), valueMost)], ""))
				return true
			}
		}
		return false
	}
	for _, key := range tailSamplers {
		tail = read(key) || tail
	}
	for _, key := range headSamplers {
		read(key)
	}
	if share, ok := keptShare(s.TraceState()); ok {
		parts = append(parts, fmt.Sprintf("tracestate keeps %s %%", strconv.FormatFloat(100*share, 'g', 3, 64)))
	}
	return strings.Join(parts, ", "), tail
}

// keptShare reads the threshold of OpenTelemetry's consistent probability sampling off a tracestate: "ot=th:c" of
// 2^56 random values drops those below c000…, and keeps a quarter.
func keptShare(state string) (share float64, ok bool) {
	for _, vendor := range strings.Split(state, ",") {
		own, found := strings.CutPrefix(strings.TrimSpace(vendor), "ot=")
		if !found {
			continue
		}
		for _, field := range strings.Split(own, ";") {
			const digits = 14
			th, found := strings.CutPrefix(field, "th:")
			if !found || len(th) == 0 || len(th) > digits {
				continue
			}
			dropped, err := strconv.ParseUint(th, 16, 64)
			if err != nil {
				return 0, false
			}
			return 1 - float64(dropped)/math.Pow(16, float64(len(th))), true
		}
	}
	return 0, false
}
