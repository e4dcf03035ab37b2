package sources

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tracefall/sources/trace"
)

// expand turns an input as it was named into names of files: a directory into the files below it, a glob into
// what it matches, for shells that leave it alone.
func expand(input string) (list []string, dir bool, failure *InputError) {
	if input == "-" {
		return []string{input}, false, nil
	}
	info, err := os.Stat(input)
	switch {
	case err == nil && info.IsDir():
		list, err = walk(input)
		if err != nil {
			return nil, true, &InputError{Input: input, Problem: describe(err), Err: err}
		}
		return list, true, nil
	case err == nil:
		return []string{input}, false, nil
	case !strings.ContainsAny(input, "*?["):
		return nil, false, &InputError{Input: input, Problem: describe(err), Err: err}
	}
	list, globErr := filepath.Glob(input)
	if globErr != nil {
		return nil, false, &InputError{Input: input, Problem: "is neither a file nor a pattern: " + globErr.Error(), Err: globErr}
	}
	files := list[:0]
	for _, name := range list {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			files = append(files, name)
		}
	}
	if len(files) == 0 {
		return nil, false, &InputError{Input: input, Problem: "no file matches this pattern", Err: err}
	}
	return files, false, nil
}

// walk lists the files below a directory in lexical order, without hidden ones. Directories that cannot be
// read are left out; the root must be readable.
func walk(root string) ([]string, error) {
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == root:
			return err
		case err != nil:
			return nil //nolint:nilerr // below the root it is left out, as the comment says
		case path != root && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case d.Type().IsRegular():
			list = append(list, path)
		case d.Type()&fs.ModeSymlink != 0:
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				list = append(list, path)
			}
		}
		return nil
	})
	return list, err
}

// emptyDirectory is the failure of a directory in which no file is a trace.
func emptyDirectory(input string, skipped []*InputError) *InputError {
	if len(skipped) == 0 {
		return &InputError{Input: input, Problem: "is a directory without files, expected trace exports in it"}
	}
	return &InputError{Input: input, Problem: fmt.Sprintf(
		"is a directory in which no file is a trace export; of %d, the first: %s", len(skipped), skipped[0])}
}

// skippedFiles is the notice about files of a directory that are no traces, or cannot be read.
func skippedFiles(input string, skipped []*InputError) trace.Notice {
	n := trace.Notice{Kind: NoticeFiles, Input: input, Count: len(skipped)}
	for i, failure := range skipped {
		if i < notedPlaces {
			n.Places = append(n.Places, failure.Error())
		}
	}
	if len(skipped) == 1 {
		n.Message = "1 file was skipped: " + skipped[0].Error()
	} else {
		n.Message = fmt.Sprintf("%d files were skipped, the first: %s", len(skipped), skipped[0].Error())
	}
	return n
}
