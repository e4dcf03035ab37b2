package live

import (
	"net/http"
	"net/url"
	"time"
)

// question is what a server is asked.
type question struct {
	url    *url.URL
	accept string
}

// String is the question as the diagnostics show it.
func (q question) String() string { return http.MethodGet + " " + q.url.RequestURI() }

func (c *client) now() time.Time {
	if c.opt.Now == nil {
		return time.Time{}
	}
	return c.opt.Now()
}

func (c *client) log(e Event) {
	if c.opt.Log != nil {
		c.opt.Log(e)
	}
}
