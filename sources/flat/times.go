package flat

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
)

// Unit is how many nanoseconds a number stands for; 0 where it is not known.
type Unit int64

// The units of times and durations.
const (
	Nanoseconds  Unit = 1
	Microseconds Unit = 1e3
	Milliseconds Unit = 1e6
	Seconds      Unit = 1e9
)

// units lists the units from the finest on.
var units = [...]Unit{Nanoseconds, Microseconds, Milliseconds, Seconds}

// String returns "ns", "us", "ms" or "s".
func (u Unit) String() string {
	switch u {
	case Nanoseconds:
		return "ns"
	case Microseconds:
		return "us"
	case Milliseconds:
		return "ms"
	case Seconds:
		return "s"
	}
	return "unknown unit"
}

// unitNames are the units as people write them and as names of times and durations end, a longer one before its own ending.
var unitNames = []struct {
	text string
	unit Unit
}{
	{"nanoseconds", Nanoseconds}, {"nanosecond", Nanoseconds}, {"nanos", Nanoseconds}, {"nano", Nanoseconds},
	{"nsec", Nanoseconds}, {"ns", Nanoseconds},
	{"microseconds", Microseconds}, {"microsecond", Microseconds}, {"micros", Microseconds}, {"micro", Microseconds},
	{"usec", Microseconds}, {"us", Microseconds}, {"µs", Microseconds}, {"μs", Microseconds},
	{"milliseconds", Milliseconds}, {"millisecond", Milliseconds}, {"millis", Milliseconds}, {"milli", Milliseconds},
	{"msec", Milliseconds}, {"ms", Milliseconds},
	{"seconds", Seconds}, {"second", Seconds}, {"secs", Seconds}, {"sec", Seconds},
}

// ParseUnit reads a unit as people write it.
func ParseUnit(text string) (Unit, bool) {
	text = strings.ToLower(text)
	for _, u := range unitNames {
		if u.text == text {
			return u.unit, true
		}
	}
	if text == "s" {
		return Seconds, true
	}
	return 0, false
}

// Times of traces lie between 1990 and 2110. The ranges of the units do not touch: they are 1000 apart and seven wide.
const (
	earliest = 631_152_000   // 1990-01-01, in seconds
	latest   = 4_417_977_600 // 2110-01-01
)

// epochUnit returns the unit in which a number is a plausible time, 0 where it is in none.
func epochUnit(n float64) Unit {
	for _, u := range units {
		per := float64(Seconds / u)
		if n >= earliest*per && n < latest*per {
			return u
		}
	}
	return 0
}

// Plausible reports whether nanoseconds since the epoch can be the time of a span.
func Plausible(ns int64) bool { return ns >= earliest*1e9 && ns < latest*1e9 }

// Scale returns a decimal number of a unit in nanoseconds, cut where it is finer. Decimals are read as such, because
// a floating-point number cannot hold the nanoseconds of our time. What overflows saturates.
func Scale(digits []byte, u Unit) (ns int64, ok bool) {
	whole, fraction, _ := bytes.Cut(digits, []byte("."))
	n, err := strconv.ParseInt(string(whole), 10, 64)
	if limit := int64(math.MaxInt64 / u); err != nil || n >= limit || n <= -limit || bytes.ContainsAny(fraction, "eE") {
		f, err := strconv.ParseFloat(string(digits), 64)
		f *= float64(u)
		switch {
		case math.IsNaN(f) || err != nil && !math.IsInf(f, 0):
			return 0, false
		case f >= math.MaxInt64:
			return math.MaxInt64, true
		case f <= -math.MaxInt64:
			return -math.MaxInt64, true
		}
		return int64(f), true
	}
	part := int64(0)
	for step, i := int64(u)/10, 0; i < len(fraction); step, i = step/10, i+1 {
		if fraction[i] < '0' || fraction[i] > '9' {
			return 0, false
		}
		part += step * int64(fraction[i]-'0')
	}
	if len(whole) > 0 && whole[0] == '-' {
		part = -part
	}
	return n*int64(u) + part, true
}

// ParseTime reads a date and time: RFC 3339, the same with a space or without a zone, which counts as UTC then, and
// with a comma before the fraction. It returns nanoseconds since the epoch; zoned reports whether there was a zone.
func ParseTime(text string) (ns int64, zoned, ok bool) {
	const shortest = len("2006-01-02 15:04:05")
	if len(text) < shortest || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' {
		return 0, false, false
	}
	if c := text[10]; c != 'T' && c != ' ' && c != 't' {
		return 0, false, false
	}
	var part [6]int
	for i, span := range [...][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		n, err := strconv.ParseUint(text[span[0]:span[1]], 10, 16)
		if err != nil {
			return 0, false, false
		}
		part[i] = int(n)
	}
	if part[0] < 1678 || part[0] > 2261 || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 ||
		part[3] > 24 || part[4] > 59 || part[5] > 60 {
		return 0, false, false
	}
	nanos, rest := fraction(text[shortest:])
	offset, zoned, ok := zone(rest)
	if !ok {
		return 0, false, false
	}
	t := time.Date(part[0], time.Month(part[1]), part[2], part[3], part[4], part[5], nanos, time.UTC)
	return t.UnixNano() - offset*1e9, zoned, true
}

// fraction reads the fraction of a second that the text begins with, and returns what follows.
func fraction(text string) (nanos int, rest string) {
	if text == "" || text[0] != '.' && text[0] != ',' {
		return 0, text
	}
	step, i := 100_000_000, 1
	for ; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
		nanos += step * int(text[i]-'0')
		step /= 10
	}
	return nanos, text[i:]
}

// zone reads Z, UTC, GMT or an offset, in seconds east of UTC; without any it is UTC.
func zone(text string) (offset int64, zoned, ok bool) {
	switch text = strings.TrimPrefix(text, " "); text {
	case "":
		return 0, false, true
	case "Z", "z", "UTC", "GMT":
		return 0, true, true
	}
	text = strings.TrimSuffix(text, " UTC") // as Go prints a time
	sign := int64(1)
	switch text[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false, false
	}
	digits := strings.Replace(text[1:], ":", "", 1)
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || len(digits) != 2 && len(digits) != 4 {
		return 0, false, false
	}
	if len(digits) == 2 {
		n *= 100
	}
	return sign * int64(n/100*3600+n%100*60), true, n < 2400
}

// ParseDuration reads a duration that says its unit: "1.5ms", "100 ms", "PT0.1S", or hours, minutes and seconds as
// .NET writes them: "00:00:00.1000000", "1.02:03:04".
func ParseDuration(text string) (ns int64, ok bool) {
	if rest, found := strings.CutPrefix(text, "PT"); found {
		text = strings.ToLower(rest)
	}
	if strings.Count(text, ":") == 2 {
		return clockDuration(text)
	}
	text = strings.ReplaceAll(text, " ", "")
	if n := strings.TrimRight(text, "0123456789."); n == "" || text == "" {
		return 0, false // a bare number
	}
	if d, err := time.ParseDuration(text); err == nil {
		return int64(d), true
	}
	at := strings.LastIndexAny(text, "0123456789.") + 1
	if u, found := ParseUnit(text[at:]); found {
		return Scale([]byte(text[:at]), u)
	}
	return 0, false
}

func clockDuration(text string) (ns int64, ok bool) {
	sign := int64(1)
	if rest, found := strings.CutPrefix(text, "-"); found {
		text, sign = rest, -1
	}
	part := strings.Split(text, ":")
	days := int64(0)
	if d, hours, found := strings.Cut(part[0], "."); found {
		n, err := strconv.ParseInt(d, 10, 32)
		if err != nil {
			return 0, false
		}
		days, part[0] = n, hours
	}
	hours, err1 := strconv.ParseUint(part[0], 10, 16)
	minutes, err2 := strconv.ParseUint(part[1], 10, 16)
	seconds, ok := Scale([]byte(part[2]), Seconds)
	if err1 != nil || err2 != nil || !ok || seconds < 0 || days > 1e4 {
		return 0, false
	}
	return sign * ((days*24+int64(hours))*3600e9 + int64(minutes)*60e9 + seconds), true
}

// IsMoment reports whether an object whose first key is this one is a time of its own.
func IsMoment(firstKey string) bool {
	switch firstKey {
	case "seconds", "nanos", "sec", "nsec", "epochSecond", "nano", "$date", "tv_sec":
		return true
	}
	return false
}

// MomentKind is the Kind of the cell of such an object; its Text is the object as it is written.
const MomentKind = 'm'

// ParseMoment reads a time in several numbers as it is written in JSON: [seconds, nanoseconds] as JavaScript has it,
// {"seconds":…,"nanos":…} as protobuf and Java have it, {"$date":…} as MongoDB has it.
func ParseMoment(text string) (ns int64, ok bool) {
	text = strings.TrimSpace(text)
	if inner, found := strings.CutPrefix(text, "["); found {
		sec, nanos, _ := strings.Cut(strings.TrimSuffix(inner, "]"), ",")
		return join(sec, nanos)
	}
	var sec, nanos string
	for member := range strings.SplitSeq(strings.Trim(text, "{}"), ",") {
		key, value, found := strings.Cut(member, ":")
		if !found {
			return 0, false
		}
		value = strings.TrimSpace(value)
		switch key = strings.Trim(key, " \t\r\n\""); key {
		case "$date":
			value = strings.Trim(value, `"`)
			if ns, _, ok := ParseTime(value); ok {
				return ns, true
			}
			return Scale([]byte(value), Milliseconds)
		case "seconds", "sec", "epochSecond", "tv_sec":
			sec = value
		case "nanos", "nsec", "nano", "tv_nsec":
			nanos = value
		}
	}
	return join(sec, nanos)
}

// join adds nanoseconds to seconds.
func join(sec, nanos string) (ns int64, ok bool) {
	s, ok1 := Scale([]byte(strings.Trim(sec, " \t\r\n\"")), Seconds)
	n, ok2 := int64(0), true
	if nanos = strings.Trim(nanos, " \t\r\n\""); nanos != "" {
		n, ok2 = Scale([]byte(nanos), Nanoseconds)
	}
	return s + max(0, min(n, 1e9)), ok1 && ok2 && Plausible(s)
}

// EpochNanos reads a time whose unit follows from its size, or text that is a date and time; 0 where it is neither.
func EpochNanos(text string) int64 {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if u := epochUnit(n); u != 0 {
			ns, _ := Scale([]byte(text), u)
			return ns
		}
		return 0
	}
	ns, _, _ := ParseTime(text)
	return ns
}
