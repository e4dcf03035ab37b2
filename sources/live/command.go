package live

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// terminal is how programs call what they have not got.
var terminal = regexp.MustCompile(`(?i)\btty\b`)

// output runs a command without a shell, an input and a terminal, and returns what it prints. Where it fails, the last
// line of its standard error is the error.
func output(ctx context.Context, command []string, limit time.Duration) (string, error) {
	running, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(running, command[0], command[1:]...)
	var out, said tail
	cmd.Stdout, cmd.Stderr = &out, &said
	detach(cmd)
	cmd.WaitDelay = time.Second // what it started may hold its output open
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) { // it ended well
		err = nil
	}
	var missing *exec.Error
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case running.Err() != nil:
		return "", fmt.Errorf("did not end within %s: if it wants a login, log in outside", lasting(limit))
	case errors.As(err, &missing):
		return "", fmt.Errorf("cannot be run: %w", missing.Err)
	case err != nil:
		last := said.last()
		if secret := strings.TrimSpace(string(out.data)); secret != "" {
			last = strings.ReplaceAll(last, secret, mask)
		}
		if last == "" {
			last = err.Error()
		}
		if terminal.MatchString(last) {
			last += ": it has no terminal here, log in outside"
		}
		return "", errors.New("failed: " + last)
	case out.more:
		return "", errors.New("printed more than 64 KiB")
	}
	return string(out.data), nil
}

// tail keeps the end of what is written to it.
type tail struct {
	data []byte
	more bool // stood before it
}

func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p...)
	if over := len(t.data) - longestSecret; over > 0 {
		t.data = append(t.data[:0], t.data[over:]...)
		t.more = true
	}
	return len(p), nil
}

// last returns the last line that is not empty.
func (t *tail) last() string {
	lines := strings.Split(strings.TrimSpace(string(t.data)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
