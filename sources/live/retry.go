package live

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"
)

// delays are the pauses before a question is asked again.
var delays = [...]time.Duration{500 * time.Millisecond, 2 * time.Second}

// longestWait is how long a server may make us wait before its question is given up.
const longestWait = 30 * time.Second

// tries asks, and asks again where that may help.
func (c *client) tries(ctx context.Context, q question) (*reply, error) {
	for try := 0; ; try++ {
		r, err := c.signed(ctx, q)
		if ctx.Err() != nil {
			return nil, c.failed(ctx.Err())
		}
		passing := err == nil && passes(r) || unanswered(err)
		wait, ok := c.wait(try, r)
		switch {
		case !passing && err != nil:
			return nil, c.failed(err)
		case !passing:
			return r, nil
		case !ok && err != nil:
			return nil, c.failed(err)
		case !ok:
			return nil, c.stayed(r, try+1)
		}
		c.log(Event{At: c.now(), Request: q.String(), Text: fmt.Sprintf("asked again in %s", lasting(wait.Round(10*time.Millisecond)))})
		if err := c.pause(ctx, wait); err != nil {
			return nil, c.failed(err)
		}
	}
}

// passes reports whether a status may be another one in a moment. Tempo answers 500 while it shuts down.
func passes(r *reply) bool {
	switch r.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusInternalServerError:
		return bytes.Contains(r.body, []byte("queue is stopped"))
	}
	return false
}

// wait is how long to wait after a try, counted from 0, and false when it was the last. What a server asks for is never
// cut short.
func (c *client) wait(try int, r *reply) (time.Duration, bool) {
	if try >= len(delays) {
		return 0, false
	}
	if r != nil {
		if after := r.retryAfter(c.now()); after > 0 {
			return after + time.Duration(float64(after)*0.2*max(c.jitter(), 0)), after <= longestWait
		}
	}
	return delays[try] + time.Duration(float64(delays[try])*0.2*c.jitter()), true
}
