//go:build !linux && !darwin && !windows

package sources

// freeSpace would say how much may be written below a directory; that is not known here.
func freeSpace(string) int64 { return -1 }
