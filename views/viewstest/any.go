package viewstest

import (
	"math/rand/v2"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
)

// anyCommands are all that a screen may be asked, and one that no screen knows.
var anyCommands = []views.Command{
	views.Down, views.Up, views.PageDown, views.PageUp, views.HalfDown, views.HalfUp, views.Top, views.Bottom, views.Left, views.Right, views.Enter, views.Fold, views.FoldLevel, views.OpenLevel,
	views.FoldAll, views.OpenAll, views.Group, views.ZoomSpan, views.ZoomIn, views.ZoomOut, views.ZoomReset, views.PanLeft, views.PanRight, views.NextError, views.PrevError,
	views.NextMatch, views.PrevMatch, views.NextWarn, views.PrevWarn, views.Wider, views.Narrower, views.Search, views.SortNext, views.SortFlip, views.CopyValue, views.CopyLine,
	views.CopySpanID, views.CopyTrace, views.Back, views.NextFinding, views.PrevFinding, views.RootCause, views.CriticalPath, views.ClockOffsets, views.Gaps, views.ShowFindings,
	views.ShowStatistics, views.NextWorse, views.PrevWorse, views.Scale, views.Merged, views.Swap, views.OtherSide, views.Inspect, views.NextPane, "no-such-command",
}

var anyKeys = []string{
	"enter", "esc", "up", "down", "pgup", "pgdown", "home", "end", "ctrl+n", "ctrl+p", "ctrl+u", "ctrl+w", "backspace",
	"a", "e", "/", ">", "@", " ", "日本", "\x1b[2J", "\xff\xfe", "e\u0301", "trace_id=4bf92f3577b34da6a3ce929d0e0e4736", "tab", "left", "right",
}

// CheckAnything draws a screen at random sizes from 1×1 while it gets random commands, keys and clicks: every
// frame has its size, nothing panics, and a command that cannot run says why and does nothing.
func CheckAnything(t *testing.T, env *views.Env, seed uint64, turns int, fresh func() views.Screen, stir func(s views.Screen, rng *rand.Rand)) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 11))
	s := fresh()
	for turn := range turns {
		switch rng.IntN(12) {
		case 0:
			s.Mouse(views.Mouse{X: rng.IntN(210) - 5, Y: rng.IntN(60) - 5, Double: rng.IntN(2) == 0})
		case 1:
			s.Mouse(views.Mouse{X: rng.IntN(200), Y: rng.IntN(50), Wheel: rng.IntN(7) - 3})
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
			reason := Why(s, c)
			if action := Act(s, c); reason != "" && action != nil {
				t.Errorf("%s cannot run (%s) and returned %#v", c, reason, action)
			}
		}
		w, h := rng.IntN(130)+1, rng.IntN(45)+1
		if rng.IntN(4) == 0 {
			w, h = rng.IntN(12)+1, rng.IntN(6)+1
		}
		grid := Frame(s, env, w, h)
		CheckSize(t, grid)
		s.Status(env)
		if t.Failed() {
			t.Fatalf("turn %d at %d×%d", turn, w, h)
		}
	}
}

func anyKey(rng *rand.Rand) tea.KeyPressMsg { return Press(anyKeys[rng.IntN(len(anyKeys))]) }

// Plain is a frame as text, for looking for words in it.
func Plain(s views.Screen, env *views.Env, w, h int) string { return Frame(s, env, w, h).Plain() }

// Act carries out a command.
func Act(s views.Screen, c views.Command) views.Action { return views.Do(s.Bindings(), c) }

// Why tells why a command cannot be done, "" where it can.
func Why(s views.Screen, c views.Command) string {
	b, ok := views.Find(s.Bindings(), c)
	if !ok {
		return views.NotHere
	}
	return b.Reason()
}

// Do carries out commands.
func Do(s views.Screen, commands ...views.Command) {
	for _, c := range commands {
		Act(s, c)
	}
}
