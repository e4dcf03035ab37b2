package live

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"
)

func TestServiceNumbers(t *testing.T) {
	s := again(t, Jaeger, "", written(t, "jaeger-numbers.txt"))
	got, err := s.ServiceNumbers(t.Context(), hour)
	want := []ServiceNumber{{Service: "auth", Calls: 0.5}, {"cart", 2.5, 0.5, 1270500 * time.Microsecond}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

// TestCapturedNumbers has the answers of a Jaeger with a Prometheus. They are by operation: the last of them counts.
func TestCapturedNumbers(t *testing.T) {
	s := again(t, Jaeger, "/jaeger", captured(t, "jaeger-v1.76.0-red", "auth", "metrics-calls", "metrics-errors", "metrics-latencies", "*nobase"))
	s.loose = []string{"service", "endTs", "lookback", "step", "ratePer", "groupByOperation"}
	to := at(t, "2026-11-28T21:44:43Z")
	got, err := s.ServiceNumbers(t.Context(), Window{to.Add(-10 * time.Minute), to})
	want := []ServiceNumber{{"payment-service", 0.015466993889612342, 0.015466993889612342, 390 * time.Millisecond}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

// TestNoNumbers asks servers that count nothing: one says so, one has other paths, one answers them with a web page.
func TestNoNumbers(t *testing.T) {
	none := func(s *replay) {
		t.Helper()
		if got, err := s.ServiceNumbers(t.Context(), hour); !errors.Is(err, ErrNoNumbers) || got != nil {
			t.Errorf("%+v, %v", got, err)
		}
	}
	disabled := captured(t, "jaeger-v1.76.0-memory", "services", "misc_api_metrics_calls_service_cart-service", "*misc_api_v3_nosuch")
	s := again(t, Jaeger, "", disabled)
	s.loose = []string{"service", "endTs", "lookback", "step", "ratePer", "groupByOperation", "spanKind"}
	none(s)
	none(again(t, Jaeger, "", written(t, "jaeger-a.txt")))
	none(again(t, Auto, "", append(written(t, "jaeger-1.txt"), canned{status: http.StatusNotFound, path: "*"})))
	none(again(t, Auto, "/select/jaeger", written(t, "victoriatraces.txt")))
	none(again(t, Tempo, "", nil))
}
