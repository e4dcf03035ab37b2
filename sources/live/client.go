package live

import (
	"context"
	"net/http"
	"net/url"
)

// client is the connection to one backend.
type client struct{}

// newClient returns a client. It opens no socket.
func newClient(cfg Config, opt Options) (*client, error) { return &client{}, nil }

// reply is what a server answered: 200, or a status that the one who asked has to make sense of, such as 400, 404, 431
// and 500.
type reply struct {
	status int
	header http.Header
	body   []byte // decompressed
	wire   int64  // bytes that came
	cut    string // why the body is not whole, such as "1.2 MB of the answer came"; "" where it is
}

// get asks for a path below the backend's, with parameters. What no one could make sense of is an error that says in one
// line what to do: no connection, a refused credential, a redirect, a web page, a status that stayed after the retries.
func (c *client) get(ctx context.Context, path string, params url.Values, accept string) (*reply, error) {
	return nil, errNotYet
}

// said is the error for a reply that is none of those that were expected: its status and the server's message, cleaned.
func (c *client) said(r *reply) error { return errNotYet }
