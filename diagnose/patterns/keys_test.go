package patterns

import "testing"

func TestKeys(t *testing.T) {
	for key, want := range map[string]keyUse{
		"cache.size": keyUsed, "work.units": keyUsed, "db.response.returned_rows": keyUsed, "queueDepth": keyUsed,
		"order.id": keyLeft, "orderId": keyLeft, "messaging.kafka.offset": keyLeft, "server.port": keyLeft, "created_ts": keyLeft,
		"http.response.status_code": keyLeft, "app.version": keyLeft, "code.lineno": keyLeft,
	} {
		if got := use(key); got != want {
			t.Errorf("use(%q) = %d, want %d", key, got, want)
		}
	}
}

func TestLevel(t *testing.T) {
	for key, want := range map[string]bool{"pool.open": true, "cache.size": true, "request.count": false, "bytes_total": false, "colour": false} {
		if got := Level(key); got != want {
			t.Errorf("Level(%q) = %v, want %v", key, got, want)
		}
	}
}
