// Package timing says when spans count and who waits for whom: effective intervals, self times, the critical path.
package timing
