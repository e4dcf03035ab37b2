package live

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// ServiceNumber is what a server itself counted of a service: not only of the traces that it kept.
type ServiceNumber struct {
	Service       string
	Calls, Errors float64       // per second
	P95           time.Duration // of a call; 0 where that is not known
}

// ErrNoNumbers is the error of a server that counts nothing: Jaeger without a store for metrics, and every other server.
var ErrNoNumbers = errors.New("this server has no numbers of services")

// measuredAtOnce is how many services are asked for in one request, whose address must not become too long.
const measuredAtOnce = 50

// ServiceNumbers lists what Jaeger counted of the services in a window, sorted by name, of the spans of kind server. One
// that was not called is left out. A server without such numbers is ErrNoNumbers.
func (b *Backend) ServiceNumbers(ctx context.Context, w Window) ([]ServiceNumber, error) {
	if b.config.Kind == Tempo {
		return nil, ErrNoNumbers
	}
	s, err := b.server(ctx)
	if err != nil {
		return nil, err
	}
	switch s := s.(type) {
	case *tempo:
		return nil, ErrNoNumbers
	case *older:
		if s.victoria {
			return nil, ErrNoNumbers
		}
	}
	services, err := b.Services(ctx)
	if err != nil {
		return nil, err
	}
	var all []ServiceNumber
	for some := range slices.Chunk(services, measuredAtOnce) {
		numbers, err := b.api.numbers(ctx, some, w)
		if err != nil {
			return nil, err
		}
		all = append(all, numbers...)
	}
	slices.SortFunc(all, func(x, y ServiceNumber) int { return cmp.Compare(x.Service, y.Service) })
	return all, nil
}

// numbers asks for calls, the share of errors and latencies of services.
func (a api) numbers(ctx context.Context, services []string, w Window) ([]ServiceNumber, error) {
	calls, err := a.measured(ctx, "calls", services, w)
	if err != nil || len(calls) == 0 {
		return nil, err
	}
	failed, err := a.measured(ctx, "errors", services, w)
	if err != nil {
		return nil, err
	}
	latencies, err := a.measured(ctx, "latencies", services, w)
	if err != nil {
		return nil, err
	}
	var all []ServiceNumber
	for service, rate := range calls {
		all = append(all, ServiceNumber{
			Service: service, Calls: rate, Errors: rate * failed[service], // a share of the calls
			P95: time.Duration(latencies[service] * float64(time.Millisecond)),
		})
	}
	return all, nil
}

// measured asks for one metric of services over a window, and returns its value by service.
//
// Jaeger computes a value at each step from what came in the time of ratePer before it. A single step as long as the window
// has its value for the window at the end, and that for the time before at the start, which is not used.
//
//	      |<----- ratePer ----->|
//	From  *--------step---------*  To
//	   before                 window
func (a api) measured(ctx context.Context, metric string, services []string, w Window) (map[string]float64, error) {
	length := strconv.FormatInt(max(w.To.Sub(w.From).Milliseconds(), 1), 10)
	params := url.Values{
		"service": services, "endTs": {strconv.FormatInt(w.To.UnixMilli(), 10)},
		"lookback": {length}, "step": {length}, "ratePer": {length},
		"groupByOperation": {"false"}, "spanKind": {"server"}, // a quantile of a service is none of its operations'
	}
	if metric == "latencies" {
		params.Set("quantile", "0.95")
	}
	r, err := a.request(ctx, "/api/metrics/"+metric, params)
	switch {
	case errors.Is(err, errWebPage):
		return nil, ErrNoNumbers
	case err != nil:
		return nil, err
	case r.status == http.StatusNotImplemented, r.status == http.StatusNotFound:
		return nil, ErrNoNumbers
	case r.status != http.StatusOK:
		return nil, a.unexpected(r)
	}
	var said struct {
		Metrics []struct {
			Labels       []struct{ Name, Value string }
			MetricPoints []struct {
				GaugeValue struct{ DoubleValue json.RawMessage }
				Timestamp  time.Time
			}
		}
	}
	if !r.decode(&said) {
		return nil, a.notJSON(r)
	}
	values := map[string]float64{}
	for _, m := range said.Metrics {
		var service string
		for _, label := range m.Labels {
			if label.Name == "service_name" {
				service = label.Value
			}
		}
		var last time.Time
		for _, p := range m.MetricPoints {
			// What cannot be computed is written as the text "NaN".
			value, err := strconv.ParseFloat(string(p.GaugeValue.DoubleValue), 64)
			if err == nil && value >= 0 && p.Timestamp.After(w.From) && p.Timestamp.After(last) && slices.Contains(services, service) {
				values[service], last = value, p.Timestamp
			}
		}
	}
	return values, nil
}
