package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"tracefall/testdata/gen/incident"
	"tracefall/testdata/gen/scene"
	"tracefall/testdata/gen/shop"
)

func main() {
	if err := run(".."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// folder is a directory of testdata that is generated as a whole.
type folder struct {
	name string
	// kept are files in it that people wrote.
	kept  []string
	files func() (map[string][]byte, error)
}

func folders() []folder {
	return []folder{
		{name: "traces", kept: []string{"README.md"}, files: shop.Files},
		{name: "demo", files: incident.DemoFiles},
		{name: "incidents", kept: []string{"README.md"}, files: incident.CaseFiles},
	}
}

// run writes every folder under root and removes generated files that are no
// longer made.
func run(root string) error {
	if err := scene.ForgetEnvironment(); err != nil {
		return err
	}
	for _, f := range folders() {
		files, err := f.files()
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if err := f.write(filepath.Join(root, f.name), files); err != nil {
			return err
		}
	}
	return nil
}

func (f folder) write(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	present, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range present {
		if _, made := files[entry.Name()]; !made && !slices.Contains(f.kept, entry.Name()) {
			if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	total := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o644); err != nil {
			return err
		}
		total += len(files[name])
	}
	fmt.Printf("%s: %d files, %d bytes\n", f.name, len(files), total)
	return nil
}
