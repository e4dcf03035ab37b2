//go:build unix

package apptest

import (
	"io"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// newEmulator returns a terminal that counts wide characters as two cells. What it would answer is dropped: most tests
// are about a terminal that says nothing of itself.
func newEmulator(t testing.TB, w, h int) *vt.Emulator {
	e := vt.NewEmulator(w, h)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, e)
	}()
	t.Cleanup(func() { // its Close writes what its Read reads
		if pipe, ok := e.InputPipe().(io.Closer); ok {
			_ = pipe.Close()
			<-drained
		}
	})
	shift := func(by int) func(ansi.Params) bool {
		return func(params ansi.Params) bool {
			n, _, _ := params.Param(0, 1)
			at := e.CursorPosition()
			var cells []*uv.Cell
			for x := at.X; x < e.Width(); x++ {
				cells = append(cells, e.CellAt(x, at.Y).Clone())
			}
			for x := at.X; x < e.Width(); x++ {
				e.SetCell(x, at.Y, nil)
			}
			for i, c := range cells {
				if to := at.X + i + by*n; c.Width > 0 && to >= at.X {
					e.SetCell(to, at.Y, c)
				}
			}
			return true
		}
	}
	e.RegisterCsiHandler('@', shift(1)) // its own ICH and DCH lose wide characters
	e.RegisterCsiHandler('P', shift(-1))
	return e
}
