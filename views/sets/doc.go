// Package sets is the screen of what two sets of traces differ in. The comparison itself is package compare.
package sets
