// Package clocks is how far the clocks of hosts are apart, as far as calls between them prove it.
package clocks
