package rule

import "regexp"

// LockName is how spans are named that wait for a lock in the process.
var LockName = regexp.MustCompile(`[a-z]Lock$|^(try|get|acquire)Lock`)
