//go:build unix

// Picture plays keys to a program in a terminal and draws what the screen then shows as SVG:
//
//	go build -o tracefall . && go run ./testdata/picture -keys 'enter c' -o waterfall.svg ./tracefall demo
//	go run ./testdata/picture -size 80x24 -theme light -o list.svg ./tracefall traces.json
//	go run ./testdata/picture -readme
//
// Keys are separated by spaces, spelled as the help has them: enter, esc, tab, ctrl+p, f1, G; anything longer is typed, and
// _ is a blank in it. A key is sent when the program has been quiet for a while after the one before. With -theme the
// program is told the theme, and the picture has its background. With -readme all pictures of the README are drawn anew, as pictures.txt beside this file lists them.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

func main() {
	var s shot
	size := flag.String("size", "120x40", "`COLUMNSxROWS` of the terminal")
	flag.StringVar(&s.theme, "theme", "dark", "the theme: dark, light, safe, 16, none")
	flag.StringVar(&s.keys, "keys", "", "the `KEYS` to press, separated by spaces")
	flag.StringVar(&s.out, "o", "", "the `FILE` to write, instead of standard output")
	readme := flag.Bool("readme", false, "draw all pictures of the README anew")
	flag.Parse()
	if err := s.sized(*size); err != nil {
		fail(err)
	}
	s.command = flag.Args()
	var err error
	switch {
	case *readme:
		err = all()
	case len(s.command) == 0:
		flag.Usage()
		os.Exit(2)
	default:
		err = s.take()
	}
	if err != nil {
		fail(err)
	}
}

// fail ends the program.
func fail(err error) {
	fmt.Fprintln(os.Stderr, "picture:", err)
	os.Exit(1)
}

// shot is a picture to take.
type shot struct {
	w, h             int // of the terminal, in cells
	theme, keys, out string
	command          []string
}

// sized takes the size.
func (s *shot) sized(size string) error {
	if _, err := fmt.Sscanf(size, "%dx%d", &s.w, &s.h); err != nil || s.w < 1 || s.h < 1 || s.w > 1000 || s.h > 1000 {
		return fmt.Errorf("size %q: expected one such as 120x40", size)
	}
	return nil
}

// Waiting for the program. Quiet is how long it has written nothing when it counts as done.
const (
	first    = 10 * time.Second // until it writes at all
	quiet    = 300 * time.Millisecond
	patience = 20 * time.Second // for a program that never stops writing
)

// take plays the keys and writes the picture.
func (s *shot) take() error {
	cmd := exec.Command(s.command[0], s.command[1:]...)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8", "TRACEFALL_THEME="+s.theme, "NO_COLOR=")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uint16(s.h), Cols: uint16(s.w)})
	if err != nil {
		return fmt.Errorf("starting %s: %w", s.command[0], err)
	}
	defer tty.Close()
	output := make(chan []byte, 64)
	go func() {
		defer close(output)
		for {
			buf := make([]byte, 32<<10)
			n, err := tty.Read(buf)
			if n > 0 {
				output <- buf[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	screen := vt.NewEmulator(s.w, s.h)
	go func() { // what the terminal would answer
		buf := make([]byte, 1024)
		for {
			if _, err := screen.Read(buf); err != nil {
				return
			}
		}
	}()
	settle(screen, output, first)
	for _, key := range strings.Fields(s.keys) {
		if _, err := tty.WriteString(spell(key)); err != nil {
			return err
		}
		settle(screen, output, quiet)
	}
	picture := draw(screen, s.w, s.h, s.theme)
	_ = cmd.Process.Kill() // nothing of it is wanted any more
	_ = cmd.Wait()
	if s.out == "" {
		_, err = os.Stdout.Write(picture)
		return err
	}
	return os.WriteFile(s.out, picture, 0o644) //nolint:gosec // a picture to publish
}

// settle shows the emulator what the program writes until that has been quiet; the first of it may take as long as wait.
func settle(screen *vt.Emulator, output <-chan []byte, wait time.Duration) {
	end := time.After(patience)
	var held []byte // the start of a character whose rest was not read yet
	for {
		select {
		case data, ok := <-output:
			if !ok {
				return
			}
			data = append(held, data...)
			whole := bytes.LastIndexFunc(data, func(r rune) bool { return r < 0x80 }) + 1
			held = bytes.Clone(data[whole:])
			_, _ = screen.Write(data[:whole]) // an emulator in memory
			wait = quiet
		case <-time.After(wait):
			_, _ = screen.Write(held)
			return
		case <-end:
			return
		}
	}
}

// spell returns what a terminal sends for a key.
func spell(key string) string {
	if text, ok := map[string]string{
		"enter": "\r", "esc": "\x1b", "tab": "\t", "space": " ", "backspace": "\x7f",
		"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
		"home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "f1": "\x1bOP",
	}[key]; ok {
		return text
	}
	if letter, ok := strings.CutPrefix(key, "ctrl+"); ok && len(letter) == 1 {
		return string(rune(letter[0] & 0x1f))
	}
	return strings.ReplaceAll(key, "_", " ")
}

// all draws the pictures of the README. Each line of pictures.txt has the file, the size, the theme, the keys and the
// arguments of tracefall, separated by tabs.
func all() error {
	list, err := os.ReadFile("testdata/picture/pictures.txt")
	if err != nil {
		return err
	}
	for n, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		field := strings.Split(line, "\t")
		if len(field) != 5 {
			return fmt.Errorf("pictures.txt:%d: %d fields, expected file, size, theme, keys and arguments between tabs", n+1, len(field))
		}
		s := shot{out: field[0], theme: field[2], keys: field[3], command: append([]string{"./tracefall"}, strings.Fields(field[4])...)}
		if err := s.sized(field[1]); err != nil {
			return fmt.Errorf("pictures.txt:%d: %w", n+1, err)
		}
		if err := s.take(); err != nil {
			return fmt.Errorf("pictures.txt:%d: %w", n+1, err)
		}
		fmt.Println(s.out)
	}
	return nil
}
