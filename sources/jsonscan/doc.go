// Package jsonscan reads and writes JSON, and knows nothing of what it says: the scanner pulls tokens from bytes in memory
// without copies and without recursion, and tells the place of the first error. A number stays the text that it is.
package jsonscan
