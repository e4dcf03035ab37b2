package diagnose

// Detectors lists every detector, in the order in which they are asked.
func Detectors() []*Detector {
	return []*Detector{
		&retryStorm,
		&duplicateWrite,
		&nPlusOne,
		&slowExternal,
		&timeoutWait,
		&noFastFail,
		&partialFailure,
		&sensitiveData,
		&errorOrigin,
		&sequentialCalls,
		&chatty,
		&redundantCalls,
		&bottleneck,
		&edgeGap,
		&blindSpots,
		&sharedDependency,
		&growingTrend,
		&badInstance,
		&exhaustion,
		&lostContext,
		&clockSkew,
		&queueLag,
		&lostUpdate,
	}
}
