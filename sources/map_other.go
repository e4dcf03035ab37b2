//go:build !unix

package sources

import (
	"errors"
	"os"
)

// mapFile says that files cannot be mapped here; they are read to memory instead.
func mapFile(*os.File, int) (data []byte, release func() error, err error) {
	return nil, nil, errors.ErrUnsupported
}

// unlinked does nothing: an open file cannot be removed here.
func unlinked(*os.File) error { return nil }
