// Package viewstest is what the tests of the screens share: traces and findings to show, frames and their golden files,
// keys, and random use. It is imported by tests only.
package viewstest
