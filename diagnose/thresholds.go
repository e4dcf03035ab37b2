package diagnose

// Thresholds are the numbers at which detectors fire, all in one place. The tags name unit and source; the
// command line lists them and the configuration overrides them, by detector and name.
type Thresholds struct {
	DuplicateWrite   DuplicateWriteThresholds   `toml:"duplicate-write"`
	TimeoutWait      TimeoutWaitThresholds      `toml:"timeout-wait"`
	NoFastFail       NoFastFailThresholds       `toml:"no-fast-fail"`
	ErrorOrigin      ErrorOriginThresholds      `toml:"error-origin"`
	PartialFailure   PartialFailureThresholds   `toml:"partial-failure"`
	NPlusOne         NPlusOneThresholds         `toml:"n-plus-one"`
	RetryStorm       RetryStormThresholds       `toml:"retry-storm"`
	SlowExternal     SlowExternalThresholds     `toml:"slow-external"`
	Sequential       SequentialThresholds       `toml:"sequential-calls"`
	Redundant        RedundantThresholds        `toml:"redundant-calls"`
	Bottleneck       BottleneckThresholds       `toml:"bottleneck"`
	Chatty           ChattyThresholds           `toml:"chatty"`
	EdgeGap          EdgeGapThresholds          `toml:"edge-gap"`
	BlindSpots       BlindSpotsThresholds       `toml:"blind-spots"`
	Sensitive        SensitiveThresholds        `toml:"sensitive-data"`
	SharedDependency SharedDependencyThresholds `toml:"shared-dependency"`
	GrowingTrend     GrowingTrendThresholds     `toml:"growing-trend"`
	BadInstance      BadInstanceThresholds      `toml:"bad-instance"`
	Exhaustion       ExhaustionThresholds       `toml:"exhaustion"`
	LostContext      LostContextThresholds      `toml:"lost-context"`
	ClockSkew        ClockSkewThresholds        `toml:"clock-skew"`
	QueueLag         QueueLagThresholds         `toml:"queue-lag"`
	LostUpdate       LostUpdateThresholds       `toml:"lost-update"`
}

// DefaultThresholds returns the values that are used where the configuration says nothing.
func DefaultThresholds() Thresholds {
	return Thresholds{
		DuplicateWrite:   defaultDuplicateWrite(),
		TimeoutWait:      defaultTimeoutWait(),
		NoFastFail:       defaultNoFastFail(),
		ErrorOrigin:      defaultErrorOrigin(),
		PartialFailure:   defaultPartialFailure(),
		NPlusOne:         defaultNPlusOne(),
		RetryStorm:       defaultRetryStorm(),
		SlowExternal:     defaultSlowExternal(),
		Sequential:       defaultSequential(),
		Redundant:        defaultRedundant(),
		Bottleneck:       defaultBottleneck(),
		Chatty:           defaultChatty(),
		EdgeGap:          defaultEdgeGap(),
		BlindSpots:       defaultBlindSpots(),
		Sensitive:        defaultSensitive(),
		SharedDependency: defaultSharedDependency(),
		GrowingTrend:     defaultGrowingTrend(),
		BadInstance:      defaultBadInstance(),
		Exhaustion:       defaultExhaustion(),
		LostContext:      defaultLostContext(),
		ClockSkew:        defaultClockSkew(),
		QueueLag:         defaultQueueLag(),
		LostUpdate:       defaultLostUpdate(),
	}
}
