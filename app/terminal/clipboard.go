package terminal

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"tracefall/views/draw"
)

// clipboardMost is how many bytes are sent to the terminal's clipboard at most: 100,000 in base64, which is where
// the strictest of the common terminals (hterm) stops.
const clipboardMost = 74_994

// screenChunk is how long a sequence GNU screen passes on at most, in bytes.
const screenChunk = 760

// Clipboard returns the sequence (OSC 52) that asks the terminal to put text into its clipboard. Whether it does is
// not known: there is no answer. Inside tmux the sequence is sent both plain, for set-clipboard, and wrapped, for
// allow-passthrough; inside screen wrapped in pieces.
func Clipboard(text string, env func(string) string) (string, error) {
	if len(text) > clipboardMost {
		return "", fmt.Errorf("%s is too long for the terminal's clipboard: at most %s",
			draw.Bytes(int64(len(text))), draw.Bytes(clipboardMost))
	}
	seq := ansi.SetSystemClipboard(text)
	switch {
	case env("TMUX") != "":
		return seq + ansi.TmuxPassthrough(seq), nil
	case env("STY") != "":
		return ansi.ScreenPassthrough(seq, screenChunk), nil
	}
	return seq, nil
}
