package app

import (
	"io"
	"io/fs"
	"path"
)

// demoReader reads all demo incidents as one stream: JSON lines, each file gzipped, which one after the other are
// a gzip stream too.
func demoReader(demo fs.FS) (io.Reader, error) {
	var files []io.Reader
	err := fs.WalkDir(demo, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".gz" {
			return err
		}
		f, err := demo.Open(name)
		if err != nil {
			return err
		}
		files = append(files, f)
		return nil
	})
	return io.MultiReader(files...), err
}
