package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
)

const (
	keptQueries  = 1000    // queries that the history has at most
	longestQuery = 4 << 10 // bytes; what is longer was pasted by mistake
	// mostHistory is how much of the file is read, in bytes: more than a history kept by this program can have.
	mostHistory = (keptQueries + 1) * (longestQuery + 1)
)

// history are the queries that were run, the latest last. They are kept from run to run, a line each, in a file of the
// user's; it is the only file that the explorer writes without being asked each time.
type history struct {
	path string // "" where none is kept
	past []string
}

// historyFile returns where the history is kept: in the directory for state that survives programs but is no
// configuration. It is "" where the user has none.
func historyFile(env func(string) string) string {
	dir := env("XDG_STATE_HOME")
	home := env("HOME")
	switch {
	case filepath.IsAbs(dir):
	case runtime.GOOS == "windows":
		dir = env("LocalAppData")
	case home == "":
		return ""
	case runtime.GOOS == "darwin":
		dir = filepath.Join(home, "Library", "Application Support")
	default:
		dir = filepath.Join(home, ".local", "state")
	}
	if !filepath.IsAbs(dir) {
		return ""
	}
	return filepath.Join(dir, "tracefall", "history")
}

// historyMsg brings the queries of earlier runs, or why they could not be read or kept.
type historyMsg struct {
	past []string
	err  error
}

// read reads the file.
func (h *history) read() tea.Cmd {
	if h.path == "" {
		return nil
	}
	path := h.path
	return func() tea.Msg {
		past, err := readHistory(path)
		return historyMsg{past, err}
	}
}

// readHistory returns the queries of a file, each once, the latest last. A file that is missing has none.
func readHistory(path string) ([]string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("no regular file")}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(file, mostHistory))
	if err != nil {
		return nil, err
	}
	var past []string
	for line := range strings.SplitSeq(string(data), "\n") {
		if kept(line) {
			past = append(past, line)
		}
	}
	return latest(past), nil
}

// kept reports whether a query goes into the history.
func kept(text string) bool {
	return text != "" && len(text) <= longestQuery && utf8.ValidString(text) && !strings.ContainsAny(text, "\r\n")
}

// latest drops all but the last of equal queries, and the oldest of too many.
func latest(past []string) []string {
	seen := make(map[string]bool, len(past))
	var once []string
	for _, text := range slices.Backward(past) {
		if !seen[text] && len(once) < keptQueries {
			seen[text] = true
			once = append(once, text)
		}
	}
	slices.Reverse(once)
	return once
}

// write adds a query to the file: at its end in one write, so that programs that run at the same time keep each
// other's; where it grew too long it is written anew and put in its place at once.
func (h *history) write(text string) tea.Cmd {
	if h.path == "" {
		return nil
	}
	path := h.path
	return func() tea.Msg {
		if err := appendHistory(path, text); err != nil {
			return historyMsg{err: err}
		}
		return nil
	}
}

func appendHistory(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("no regular file")}
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text + "\n")
	data, readErr := io.ReadAll(io.NewSectionReader(file, 0, mostHistory))
	if err = errors.Join(err, readErr, file.Close()); err != nil {
		return err
	}
	if bytes.Count(data, []byte("\n")) <= keptQueries && len(data) < mostHistory {
		return nil
	}
	past, err := readHistory(path)
	if err != nil {
		return err
	}
	return replaceHistory(path, past)
}

// replaceHistory writes the file anew: into another, which then takes its place.
func replaceHistory(path string, past []string) error {
	file, err := os.CreateTemp(filepath.Dir(path), "history-*") // readable by the user only
	if err != nil {
		return err
	}
	_, err = file.WriteString(strings.Join(past, "\n") + "\n")
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // what counts is why it could not be put in place
	}
	return err
}

// remember adds a query that was run to the history.
func (q *querying) remember(text string) tea.Cmd {
	text = strings.TrimSpace(text)
	past := q.history.past
	if q.secretQuery(text) {
		if q.history.path != "" {
			q.say("not kept in the history: the query holds a secret")
		}
		return nil
	}
	if !kept(text) || session.CheckQuery(text) != nil || len(past) > 0 && past[len(past)-1] == text {
		return nil
	}
	q.setPast(latest(append(slices.Clone(past), text)))
	return q.history.write(text)
}

// remembered takes what was read, or that the history cannot be kept: that is said once.
func (q *querying) remembered(msg historyMsg) {
	if msg.err != nil {
		q.history.path = ""
		q.complain(fmt.Sprintf("the history of queries is not kept: %v", msg.err))
		return
	}
	past := slices.DeleteFunc(msg.past, q.secretQuery) // an older version kept them
	q.setPast(latest(append(past, q.history.past...)))
}

func (q *querying) setPast(past []string) {
	q.history.past = past
	for _, screen := range q.byID {
		if one, ok := screen.(interface{ SetHistory(past []string) }); ok {
			one.SetHistory(past)
		}
	}
}
