package tracetest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Corpus returns the directory of the traces that other people's software wrote, which lies beside the module and is no
// part of it. Where it is missing it says so on the error output, whether or not tests are told, and skips the test.
func Corpus(t testing.TB) string {
	t.Helper()
	dir, err := beside("shared", "traces")
	if err != nil {
		fmt.Fprintf(os.Stderr, "NOT RUN: %s needs ../shared/traces: %v\n", t.Name(), err)
		t.Skip("the traces beside the module are not there: ", err)
	}
	return dir
}

// beside returns a directory beside the module that holds the working directory.
func beside(parts ...string) (string, error) {
	root, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		above := filepath.Dir(root)
		if above == root {
			return "", os.ErrNotExist
		}
		root = above
	}
	dir := filepath.Join(append([]string{filepath.Dir(root)}, parts...)...)
	_, err = os.Stat(dir)
	return dir, err
}
