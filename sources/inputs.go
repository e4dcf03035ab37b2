package sources

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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

// walk lists the files below a directory in lexical order, without hidden ones. A directory below it that cannot be
// read is listed as if it were a file, so that reading it says why; the root must be readable.
func walk(root string) ([]string, error) {
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == root:
			return err
		case err != nil:
			list = append(list, path)
			return nil //nolint:nilerr // reading it fails again, as the comment says
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

// skippedFiles is the notice about files of a directory that are no traces, or cannot be read. It names the latter
// first: other files are expected in a directory, traces that are missing are not.
func skippedFiles(input string, skipped []*InputError) trace.Notice {
	unread := 0
	ordered := make([]*InputError, 0, len(skipped))
	for _, failure := range skipped {
		if failure.Err != nil {
			ordered = slices.Insert(ordered, unread, failure)
			unread++
		} else {
			ordered = append(ordered, failure)
		}
	}
	n := trace.Notice{Kind: NoticeFiles, Input: input, Count: len(ordered)}
	for _, failure := range ordered[:min(len(ordered), notedPlaces)] {
		n.Places = append(n.Places, failure.Error())
	}
	switch first := ordered[0].Error(); {
	case len(ordered) == 1:
		n.Message = "1 file was skipped: " + first
	case unread > 0:
		n.Message = fmt.Sprintf("%d files were skipped, %d of them could not be read, the first: %s", len(ordered), unread, first)
	default:
		n.Message = fmt.Sprintf("%d files were skipped, the first: %s", len(ordered), first)
	}
	return n
}
