package eval

import (
	"runtime/debug"
	"sync/atomic"
)

// carried takes a panic from the goroutine in which it happens to the one that waits for it: left alone, it would
// end the process, with the terminal as it is. The zero value is ready for use.
type carried struct{ cause atomic.Pointer[any] }

// catch makes a fault of memory a panic, and returns what takes the panic of its goroutine: use it as
// defer c.catch()(). The first panic is kept.
func (c *carried) catch() func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if cause := recover(); cause != nil {
			c.cause.CompareAndSwap(nil, &cause)
		}
	}
}

// caught reports whether there is a panic.
func (c *carried) caught() bool { return c.cause.Load() != nil }

// goOn panics with what was caught. It is for after the goroutines have ended.
func (c *carried) goOn() {
	if cause := c.cause.Load(); cause != nil {
		panic(*cause)
	}
}
