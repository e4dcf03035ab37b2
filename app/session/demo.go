package session

import (
	"io"
	"io/fs"
)

// demoReader reads all demo incidents as one stream: JSON lines, each file gzipped, which one after the other are
// a gzip stream too.
func demoReader(demo fs.FS) (io.Reader, error) {
	names, err := fs.Glob(demo, "*.gz")
	if err != nil {
		return nil, err
	}
	files := make([]io.Reader, len(names))
	for i, name := range names {
		if files[i], err = demo.Open(name); err != nil {
			return nil, err
		}
	}
	return io.MultiReader(files...), nil
}
