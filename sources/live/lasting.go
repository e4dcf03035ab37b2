package live

import (
	"strings"
	"time"
)

// lasting writes a duration for a sentence: "5 s", "300 ms", "1 m 30 s".
func lasting(d time.Duration) string {
	text := d.Round(time.Millisecond).String()
	if whole, is := strings.CutSuffix(text, "m0s"); is {
		text = whole + "m"
	}
	if whole, is := strings.CutSuffix(text, "h0m"); is {
		text = whole + "h"
	}
	return strings.TrimSpace(strings.NewReplacer("ms", " ms", "µs", " µs", "h", " h ", "m", " m ", "s", " s").Replace(text))
}
