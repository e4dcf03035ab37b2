//go:build !unix

package terminal

// WhyNotSuspend tells why the program cannot be stopped for a while: there is no such thing here.
func WhyNotSuspend() string { return "this system cannot suspend a program" }
