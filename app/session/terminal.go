package session

import "time"

// LocalZone is the zone of the person at the terminal.
func LocalZone() *time.Location { return time.Local }
