// Package incidents is the first screen of the demo: what went wrong in each of its incidents, and what the
// detectors found there. The incidents themselves do not belong here.
package incidents
