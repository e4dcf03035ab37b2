package sources

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// trailing is an error behind which nothing of the compressed data is missing: what follows it is something else, such as
// the NUL bytes with which tapes and disks fill a block.
type trailing struct{ kind string }

func (t trailing) Error() string { return "bytes behind the " + t.kind + " data ignored" }

// members reads gzip data, which may be several members one after the other. Where they are followed by something
// else it ends with a trailing.
type members struct {
	from *bufio.Reader
	gzip *gzip.Reader
}

func newMembers(from *bufio.Reader) (*members, error) {
	z, err := gzip.NewReader(from)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &members{from, z}, nil
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.gzip.Read(p)
		if n > 0 && errors.Is(err, io.EOF) {
			err = nil // it comes again
		}
		if n > 0 || len(p) == 0 || !errors.Is(err, io.EOF) {
			return n, err
		}
		if err := m.Next(); err != nil {
			return 0, err
		}
	}
}

// Next goes to the next member.
func (m *members) Next() error {
	head, err := m.from.Peek(2)
	switch {
	case len(head) == 0:
		return err
	case !bytes.Equal(head, []byte{0x1f, 0x8b}):
		return trailing{"gzip"}
	}
	if err := m.gzip.Reset(m.from); err != nil {
		return err
	}
	m.gzip.Multistream(false)
	return nil
}

func (m *members) Close() error { return m.gzip.Close() }

// frames reads zstd data. Where its frames are followed by something else it ends with a trailing.
type frames struct {
	io.ReadCloser
	read bool
}

func (f *frames) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	f.read = f.read || n > 0
	if f.read && errors.Is(err, zstd.ErrMagicMismatch) {
		err = trailing{"zstd"}
	}
	return n, err
}
