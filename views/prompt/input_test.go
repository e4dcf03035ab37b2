package prompt

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

func TestInputKeys(t *testing.T) {
	for _, test := range []struct {
		name, text string
		keys       []string
		want       string // with the cursor as |
	}{
		{"typing", "", []string{"a", "b"}, "ab|"},
		{"in the middle", "ac", []string{"left", "b"}, "ab|c"},
		{"ends", "abc", []string{"home", "x", "ctrl+e", "y"}, "xabcy|"},
		{"backspace", "abc", []string{"backspace", "left", "backspace"}, "|b"},
		{"backspace at the beginning", "a", []string{"home", "backspace"}, "|a"},
		{"delete", "abc", []string{"home", "delete", "ctrl+d"}, "|c"},
		{"by what a person calls a character", "a👩‍👩‍👧e\u0301", []string{"backspace", "backspace"}, "a|"},
		{"over a wide character", "日本", []string{"left", "x"}, "日x|本"},
		{"words", "duration>1s error=true", []string{"alt+b", "alt+b", "x"}, "duration>1s x|error=true"},
		{"words forward", "duration>1s error", []string{"home", "alt+f", "ctrl+right", "x"}, "duration>1sx| error"},
		{"delete a word of a shell", `a b="c"`, []string{"ctrl+w"}, "a |"},
		{"delete a word", `service=pay`, []string{"alt+backspace"}, "service=|"},
		{"delete a word forward", "a bc d", []string{"home", "right", "alt+d"}, "a| d"},
		{"delete to the beginning", "abc", []string{"left", "ctrl+u"}, "|c"},
		{"delete to the end", "abc", []string{"left", "ctrl+k"}, "ab|"},
		{"a paste of lines", "", []string{"a\r\nb\tc\nd"}, "a b c d|"},
		{"a paste that spells a key", "x", []string{"backspace-"}, "xbackspace-|"},
	} {
		var in Input
		in.SetText(test.text)
		for _, key := range test.keys {
			if taken, _ := in.Key(viewstest.Press(key)); !taken {
				t.Errorf("%s: %s was not taken", test.name, key)
			}
		}
		if got := in.text[:in.at] + "|" + in.text[in.at:]; got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	var in Input
	for _, key := range []string{"enter", "esc", "tab", "up", "ctrl+n", "alt+x"} {
		if taken, changed := in.Key(viewstest.Press(key)); taken || changed {
			t.Errorf("%s was taken, it is not the input's", key)
		}
	}
	if taken, changed := in.Key(viewstest.Press("left")); !taken || changed {
		t.Error("moving changes no text")
	}
}

func TestInputIsBounded(t *testing.T) {
	var in Input
	in.Insert("abc")
	in.at = 1
	if in.Insert(strings.Repeat("é", MaxInput)) {
		t.Error("a paste beyond the limit was taken whole")
	}
	if len(in.text) > MaxInput || !utf8.ValidString(in.text) || !strings.HasSuffix(in.text, "bc") {
		t.Errorf("%d bytes kept, want at most %d of whole characters around what was there", len(in.text), MaxInput)
	}
}

func TestInputDraw(t *testing.T) {
	env := viewstest.Env(t)
	for _, test := range []struct {
		name, text string
		keys       []string
		want       string
		cursor     int
	}{
		{"short", "abc", nil, "abc       ", 3},
		{"placeholder", "", nil, "find      ", 0},
		{"wide", "支払い", nil, "支払い    ", 6},
		{"marks", "e\u0301te\u0301", nil, "e\u0301te\u0301       ", 3},
		{"long, cursor at the end", "0123456789abc", nil, "…56789abc ", 9},
		{"long, cursor at the beginning", "0123456789abc", []string{"home"}, "012345678…", 0},
		{"long, cursor inside", "0123456789abcdef", []string{"left", "left", "left", "left", "left", "left", "left", "left", "left", "left"}, "…6789abcd…", 1},
		{"just fits", "012345678", nil, "012345678 ", 9},
		{"hostile", "a\x1b[31mb", nil, "a␛[31mb   ", 7},
	} {
		in := Input{Placeholder: "find"}
		in.SetText(test.text)
		grid := draw.NewGrid(10, 1)
		in.Draw(grid.All(), env, true, -1)
		for _, key := range test.keys {
			in.Key(viewstest.Press(key))
			in.Draw(grid.All(), env, true, -1)
		}
		if got := grid.Plain(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		if x, _, ok := grid.Cursor(); x != test.cursor || !ok {
			t.Errorf("%s: the cursor is in column %d (%v), want %d", test.name, x, ok, test.cursor)
		}
	}
}

// The cursor stays between two characters and in sight, whatever is typed, at any width.
func TestInputAnyKeys(t *testing.T) {
	env := viewstest.Env(t)
	rng := rand.New(rand.NewPCG(1, 2))
	keys := []string{"left", "right", "home", "end", "backspace", "delete", "ctrl+w", "alt+b", "alt+f", "alt+d", "ctrl+k",
		"a", "日", "e\u0301", "\u0301", "👩", "\u200d", "🇩", "🇪", "\xff", "\x1b[2J", " ", "\u202e", strings.Repeat("x ", 30)}
	for range 200 {
		var in Input
		grid := draw.NewGrid(rng.IntN(30), 1)
		for range 40 {
			in.Key(viewstest.Press(keys[rng.IntN(len(keys))]))
			if in.clusterEnd(in.at) != in.at {
				t.Fatalf("the cursor is inside a character: %q at %d", in.text, in.at)
			}
			grid.Clear()
			in.Draw(grid.All(), env, true, rng.IntN(10)-1)
			viewstest.CheckSize(t, grid)
		}
	}
}

// TestWhatIsWrongIsRed: the message beside a query, and of the query what it is about.
func TestWhatIsWrongIsRed(t *testing.T) {
	env, grid := viewstest.Env(t), draw.NewGrid(80, 1)
	var q Line
	q.Input.SetText("error=true duration>x")
	q.Wrong = Error{Offset: 11, Length: 10, Message: "invalid duration"}
	q.Draw(grid.All(), 0, 0, env, "", "")
	viewstest.WantText(t, grid, "invalid duration", env.Theme.Error)
	viewstest.WantText(t, grid, "error=true", env.Theme.Text)
	viewstest.WantText(t, grid, "duration>x", env.Theme.Error.With(draw.Underline))
}
