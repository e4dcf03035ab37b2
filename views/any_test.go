package views

import (
	"math/rand/v2"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// anyCommands are all that a screen may be asked, and one that no screen knows.
var anyCommands = []Command{
	Down, Up, PageDown, PageUp, HalfDown, HalfUp, Top, Bottom, Left, Right, Enter, Fold, FoldLevel, OpenLevel,
	FoldAll, OpenAll, Group, ZoomSpan, ZoomIn, ZoomOut, ZoomReset, PanLeft, PanRight, NextError, PrevError,
	NextMatch, PrevMatch, NextWarn, PrevWarn, Wider, Narrower, Search, SortNext, SortFlip, CopyValue, CopyLine,
	CopySpanID, CopyTrace, Back, NextFinding, PrevFinding, RootCause, CriticalPath, ClockOffsets, Gaps, ShowFindings,
	ShowStatistics, NextWorse, PrevWorse, Scale, Merged, Swap, OtherSide, Inspect, NextPane, "no-such-command",
}

var anyKeys = []string{
	"enter", "esc", "up", "down", "pgup", "pgdown", "home", "end", "ctrl+n", "ctrl+p", "ctrl+u", "ctrl+w", "backspace",
	"a", "e", "/", ">", "@", " ", "日本", "\x1b[2J", "\xff\xfe", "e\u0301", "trace_id=" + fullID, "tab", "left", "right",
}

// checkAnything draws a screen at random sizes from 1×1 while it gets random commands, keys and clicks: every
// frame has its size, nothing panics, and a command that cannot run says why and does nothing.
func checkAnything(t *testing.T, env *Env, seed uint64, turns int, fresh func() Screen, stir func(s Screen, rng *rand.Rand)) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 11))
	s := fresh()
	for turn := range turns {
		switch rng.IntN(12) {
		case 0:
			s.Mouse(Mouse{X: rng.IntN(210) - 5, Y: rng.IntN(60) - 5, Double: rng.IntN(2) == 0})
		case 1:
			s.Mouse(Mouse{X: rng.IntN(200), Y: rng.IntN(50), Wheel: rng.IntN(7) - 3})
		case 2, 3, 4:
			if s.Typing() {
				s.Type(anyKey(rng))
			}
		case 5:
			if stir != nil {
				stir(s, rng)
			}
		case 6:
			if turn%40 == 0 {
				s = fresh()
			}
		default:
			c := anyCommands[rng.IntN(len(anyCommands))]
			b, _ := Find(s.Bindings(), c)
			if reason, action := b.Reason(), Do(s.Bindings(), c); reason != "" && action != nil {
				t.Errorf("%s cannot run (%s) and returned %#v", c, reason, action)
			}
		}
		w, h := rng.IntN(130)+1, rng.IntN(45)+1
		if rng.IntN(4) == 0 {
			w, h = rng.IntN(12)+1, rng.IntN(6)+1
		}
		grid := frame(s, env, w, h)
		checkSize(t, grid)
		s.Status(env)
		if t.Failed() {
			t.Fatalf("turn %d at %d×%d", turn, w, h)
		}
	}
}

func anyKey(rng *rand.Rand) tea.KeyPressMsg { return press(anyKeys[rng.IntN(len(anyKeys))]) }

// plain is a frame as text, for looking for words in it.
func plain(s Screen, env *Env, w, h int) string { return frame(s, env, w, h).Plain() }
