package semconv

import "testing"

func TestTimeoutTexts(t *testing.T) {
	for _, text := range []string{"timeout", "TIMEOUT", "time out", "time-out", "Read timed out", "timeout of 2500ms exceeded", "SocketTimeoutException"} {
		if got := textClass(text); got != ErrorTimeout {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// TestPoolTexts: what pools of many sorts say when nothing is free, and what only sounds like it.
func TestPoolTexts(t *testing.T) {
	for text, want := range map[string]ErrorClass{
		"HikariPool-1 - Connection is not available, request timed out after 30000ms.":                                    ErrorPool,
		"QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00":                              ErrorPool,
		"Knex: Timeout acquiring a connection. The pool is probably full. Are you missing a .transacting(trx) call?":      ErrorPool,
		"Timed out while checking out a connection from connection pool. Details: maxPoolSize: 10":                        ErrorPool,
		"Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool":       ErrorPool,
		"Timeout expired. The timeout period elapsed prior to obtaining a connection from the pool.":                      ErrorPool,
		"Could not get a resource from the pool":                                                                          ErrorPool,
		"redis: connection pool timeout":                                                                                  ErrorPool,
		"[http-nio-8080-exec-7] Timeout: Pool empty. Unable to fetch a connection in 30 seconds, none available":          ErrorPool,
		"reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException: Pool#acquire(Duration) has been pending": ErrorPool,
		"FATAL: sorry, too many clients already":                                                                          ErrorPool,
		"remaining connection slots are reserved for non-replication superuser connections":                               ErrorPool,
		"query_wait_timeout":                               ErrorPool,
		"Bulkhead 'pricing' is full":                       ErrorPool,
		"connect ETIMEDOUT 10.0.0.7:5432":                  ErrorTimeout,
		"connection reset by peer":                         ErrorReset,
		"read tcp 10.0.0.1:1234->10.0.0.2:80: i/o timeout": ErrorTimeout,
		"the swimming pool was closed for the season":      ErrorOther,
	} {
		if got := textClass(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
