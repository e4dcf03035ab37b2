package trace_test

import (
	"strings"
	"testing"

	"tracefall/sources/trace"
)

func TestIDs(t *testing.T) {
	traces := map[string]string{
		"abc":                                  "00000000000000000000000000000abc",
		"4BF92F3577B34DA6A3CE929D0E0E4736":     "4bf92f3577b34da6a3ce929d0e0e4736",
		"4bf92f35-77b3-4da6-a3ce-929d0e0e4736": "4bf92f3577b34da6a3ce929d0e0e4736",
		"0x4bf92f3577b34da6a3ce929d0e0e4736":   "4bf92f3577b34da6a3ce929d0e0e4736",
		"d572232a8fed45fa":                     "0000000000000000d572232a8fed45fa",
		"c8gpq2h4v8v0c8gpq2h4":                 "c8gpq2h4v8v0c8gpq2h4",
		"4bf92f3577b34da6a3ce929d0e0e47361":    "4bf92f3577b34da6a3ce929d0e0e47361",
		"":                                     "00000000000000000000000000000000",
	}
	for text, want := range traces {
		if got := trace.ParseTraceID(text).String(); got != want {
			t.Errorf("ParseTraceID(%q) = %s, want %s", text, got, want)
		}
	}
	spans := map[string]string{
		"B3": "00000000000000b3", "00f067aa0ba902b7": "00f067aa0ba902b7", "0x00f067aa0ba902b7": "00f067aa0ba902b7",
		"4bf92f3577b34da6a3": "4bf92f3577b34da6a3", "span-1": "span-1",
	}
	for text, want := range spans {
		if got := trace.ParseSpanID(text).String(); got != want {
			t.Errorf("ParseSpanID(%q) = %s, want %s", text, got, want)
		}
	}
	if !trace.ParseSpanID("0000000000000000").IsZero() || !trace.ParseTraceID("00000000000000000000000000000000").IsZero() {
		t.Error("an id of zeros is not zero")
	}
}

func TestShortTraceID(t *testing.T) {
	for text, want := range map[string]string{
		"4bf92f3577b34da6a3ce929d0e0e4736": "4bf92f35…",
		"0e0dcfa077b34da6a3ce929d0e0e4736": "0e0dcfa0…", // a digit like any other, no padding
		"000000000e0dcfa0a3ce929d0e0e4736": "0e0dcfa0…",
		"0000000000000000a3ce929d0e0e4736": "a3ce929d…",
		"00004d913d70aa38":                 "00004d91…",
		"4d913d70":                         "4d913d70",
		"abc":                              "abc",
		"order 7\x1b":                      "order 7\x1b",
		strings.Repeat("ä", 40):            strings.Repeat("ä", 32) + "…",
	} {
		if got := trace.ParseTraceID(text).Short(); got != want {
			t.Errorf("%s is shortened to %q, want %q", text, got, want)
		}
	}
}
