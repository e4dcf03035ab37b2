//go:build unix

package sources

import (
	"os"
	"syscall"
)

// mapFile maps a file for reading. The memory is backed by the file: it costs no memory of the process, and it
// faults when the file is cut short.
func mapFile(f *os.File, size int) (data []byte, release func() error, err error) {
	data, err = syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, err
	}
	return data, func() error { return syscall.Munmap(data) }, nil
}

// unlinked makes the file vanish from its directory while it stays usable.
func unlinked(f *os.File) error { return os.Remove(f.Name()) }
