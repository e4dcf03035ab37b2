//go:build unix

package session

import (
	"io/fs"
	"syscall"
)

// severalNames reports whether a file has other hard links: replacing it would leave them with the old content.
func severalNames(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink > 1
}
