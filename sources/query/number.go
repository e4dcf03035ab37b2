package query

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"
)

// Number is a constant or a stored text that reads as a number: an integer where it is written as one that fits.
type Number struct {
	Whole bool
	Int   int64
	Float float64
}

// WholeNumber is the number of an integer.
func WholeNumber(i int64) Number { return Number{Whole: true, Int: i, Float: float64(i)} }

// ReadNumber reads decimal numbers as people and JSON write them; no hexadecimal, no "inf".
func ReadNumber(text string) (Number, bool) {
	if text == "" || len(text) > 64 {
		return Number{}, false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return Number{}, false
		}
	}
	if !strings.ContainsAny(text, ".eE") { // an error would be an allocation
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return WholeNumber(i), true
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	return Number{Float: f}, err == nil
}

// ReadDuration reads a duration with a unit, as Go writes it: 1.5s, 200ms, 1h30m.
func ReadDuration(text string) (time.Duration, bool) {
	if text == "" || len(text) > 64 || text[len(text)-1] < 'a' || text[0] > '9' {
		return 0, false
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// WriteDuration is the canonical spelling: Go's without units that count nothing.
func WriteDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = text[:len(text)-2]
	}
	if strings.HasSuffix(text, "h0m") {
		text = text[:len(text)-2]
	}
	return text
}

// ReadTime reads an instant that nanoseconds since the epoch can hold.
func ReadTime(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() < 1678 || at.Year() > 2261 {
		return time.Time{}, false
	}
	return at.UTC(), true
}

// formatTime is the spelling of an instant.
func formatTime(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

// timeText writes nanoseconds since the epoch as the language does.
func timeText(ns int64) string { return formatTime(time.Unix(0, ns)) }

// readSize reads a size in bytes with a unit: 10kB, 1.5MiB.
func readSize(text string) (Number, bool) {
	at := strings.LastIndexAny(text, "0123456789.") + 1
	if at == 0 || at == len(text) || len(text) > 64 {
		return Number{}, false
	}
	n, ok := ReadNumber(text[:at])
	factor, known := map[string]float64{
		"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
	}[strings.ToLower(text[at:])]
	if !ok || !known {
		return Number{}, false
	}
	if f := n.Float * factor; f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return Number{true, int64(f), f}, true
	}
	return Number{Float: n.Float * factor}, true
}

// readDays reads a duration in days or weeks, which Go's durations have no unit for: 1d, 2w.
func readDays(text string) (time.Duration, bool) {
	unit := map[byte]time.Duration{'d': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	if len(text) < 2 || len(text) > 8 || unit[text[len(text)-1]] == 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 16)
	return time.Duration(n) * unit[text[len(text)-1]], err == nil
}

// readsAsQuantity reports whether a text, written without quotes, is a number or a duration.
func readsAsQuantity(text string) bool {
	_, ok := ReadDuration(text)
	return ok || isNumber(text)
}

func isNumber(text string) bool {
	_, ok := ReadNumber(text)
	return ok
}

// String is the text of a number, as trace.Value writes it.
func (n Number) String() string {
	if n.Whole {
		return strconv.FormatInt(n.Int, 10)
	}
	return strconv.FormatFloat(n.Float, 'g', -1, 64)
}

// incomparable is what order returns for NaN.
const incomparable = 2

// Compare compares numbers: exactly where both are integers.
func Compare(a, b Number) int {
	switch {
	case a.Whole && b.Whole:
		return cmp.Compare(a.Int, b.Int)
	case math.IsNaN(a.Float) || math.IsNaN(b.Float):
		return incomparable
	}
	return cmp.Compare(a.Float, b.Float)
}
