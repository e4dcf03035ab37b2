package rule

// The scores from which a severity begins, and what keeps a finding at info.
const (
	ScoreCritical = 0.5
	ScoreHigh     = 0.25
	ScoreMedium   = 0.10
	ScoreLow      = 0.03

	LeastAvoidable = 10_000_000 // ns; less, without an error or a risk, is info
	Certain        = 0.5        // confidence below it: medium at most, and the title says "possible"
)
