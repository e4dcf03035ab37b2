package diagnose

// Detectors lists every detector, in the order in which they are asked.
func Detectors() []*Detector {
	return []*Detector{
		&nPlusOne,
		&slowExternal,
		&sequentialCalls,
		&redundantCalls,
		&bottleneck,
		&chatty,
		&edgeGap,
		&blindSpots,
		&sensitiveData,
	}
}
