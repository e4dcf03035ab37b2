package live

import "context"

// signed asks with the credentials of the backend.
func (c *client) signed(ctx context.Context, q question) (*reply, error) {
	return c.exchange(ctx, q, c.header.Clone(), c.transport)
}
