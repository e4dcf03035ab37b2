// Package config reads the configuration file: look, keys, saved queries, formats of the user's own, backends,
// thresholds of detectors. What it does not know is an error that says where it stands and what was meant.
package config
