//go:build linux || darwin

package sources

import "golang.org/x/sys/unix"

// freeSpace returns how many bytes a user may still write below a directory, -1 where that is not known.
func freeSpace(dir string) int64 {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return -1
	}
	return int64(s.Bavail) * int64(s.Bsize) //nolint:unconvert // the types differ between systems
}
