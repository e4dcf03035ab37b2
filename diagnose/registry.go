package diagnose

import (
	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/capacity"
	"tracefall/diagnose/rules/failures"
	"tracefall/diagnose/rules/recording"
	"tracefall/diagnose/rules/repetition"
	"tracefall/diagnose/rules/skew"
	"tracefall/diagnose/rules/waiting"
)

// Detectors lists every detector, in the order in which they are asked.
func Detectors() []*rule.Detector {
	return []*rule.Detector{
		&repetition.RetryStorm,
		&failures.DuplicateWrite,
		&repetition.NPlusOne,
		&waiting.SlowExternal,
		&waiting.TimeoutWait,
		&failures.NoFastFail,
		&failures.PartialFailure,
		&recording.SensitiveData,
		&failures.ErrorOrigin,
		&repetition.SequentialCalls,
		&repetition.Chatty,
		&repetition.RedundantCalls,
		&waiting.Bottleneck,
		&waiting.EdgeGap,
		&recording.BlindSpots,
		&failures.SharedDependency,
		&capacity.GrowingTrend,
		&capacity.BadInstance,
		&capacity.Exhaustion,
		&recording.LostContext,
		&skew.ClockSkew,
		&waiting.QueueLag,
		&failures.LostUpdate,
	}
}
