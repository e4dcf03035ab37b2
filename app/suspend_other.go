//go:build !unix

package app

// whyNotSuspend tells why the program cannot be stopped for a while: there is no such thing here.
func whyNotSuspend() string { return "this system cannot suspend a program" }
