//go:build unix

package terminal

import "golang.org/x/sys/unix"

// WhyNotSuspend tells why ctrl-z cannot stop the program, "" when it can. Where no shell looks after jobs, as under
// `ssh host tracefall`, the kernel would ignore the stop and nobody would ever send the signal that goes on.
func WhyNotSuspend() string {
	session, err := unix.Getsid(0)
	if err != nil || session == unix.Getpgrp() {
		return "no job control in this shell"
	}
	return ""
}
