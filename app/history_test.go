package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/tracetest"
)

func TestHistoryIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "tracefall", "history")
	if past, err := readHistory(path); err != nil || past != nil {
		t.Fatalf("without a file: %q, %v", past, err)
	}
	for _, text := range []string{"error=true", "duration>1s", "error=true"} {
		if err := appendHistory(path, text); err != nil {
			t.Fatal(err)
		}
	}
	past, err := readHistory(path)
	if want := []string{"duration>1s", "error=true"}; err != nil || !slices.Equal(past, want) {
		t.Errorf("read %q, %v; want %q", past, err, want)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v; want it readable by the user only", info.Mode(), err)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	var lines strings.Builder
	for i := range keptQueries + 5 {
		fmt.Fprintf(&lines, "retry.count=%d\n", i)
	}
	if err := os.WriteFile(path, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := appendHistory(path, "error=true"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if n := strings.Count(string(data), "\n"); err != nil || n != keptQueries || !strings.HasSuffix(string(data), "\nerror=true\n") {
		t.Errorf("%d lines remain, %v; want the last %d", n, err, keptQueries)
	}
	if !strings.HasPrefix(string(data), "retry.count=6\n") {
		t.Errorf("the oldest are not the ones to go: %.40q", data)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
		t.Errorf("files are left behind: %v, %v", left, err)
	}
}

// TestHistoryOfOthers reads what no history of this program looks like.
func TestHistoryOfOthers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "history")
	text := "\n\xff\xfe\nerror=true\r\n" + strings.Repeat("x", longestQuery+1) + "\nkind=client"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if past, err := readHistory(path); err != nil || !slices.Equal(past, []string{"kind=client"}) {
		t.Errorf("read %q, %v", past, err)
	}
	if _, err := readHistory(dir); err == nil {
		t.Error("a directory is read as a history")
	}
	if err := appendHistory(dir, "error=true"); err == nil {
		t.Error("a directory is written to")
	}
}

func TestHistoryFile(t *testing.T) {
	for _, c := range []struct{ state, home, want string }{
		{"/state", "/home/me", "/state/tracefall/history"},
		{"", "/home/me", "/home/me/.local/state/tracefall/history"},
		{"not/absolute", "/home/me", "/home/me/.local/state/tracefall/history"},
		{"", "", ""},
	} {
		env := func(name string) string { return map[string]string{"XDG_STATE_HOME": c.state, "HOME": c.home}[name] }
		if got := historyFile(env); filepath.Separator == '/' && got != c.want && !strings.Contains(got, "Library") {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestFinishedQueriesAreRemembered(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	m.querying.history.path = filepath.Join(t.TempDir(), "history")
	m.querying.remembered(historyMsg{past: []string{"kind=client"}})
	for _, typed := range []string{"name~charge", "duration>", "error=true"} {
		press(t, m, "/")
		m.Update(ctrl('u'))
		press(t, m, strings.Split(typed, "")...)
		press(t, m, "enter")
	}
	press(t, m, "/", "x", "esc", "esc") // given up
	want := []string{"kind=client", "name~charge", "error=true"}
	if !slices.Equal(m.querying.history.past, want) {
		t.Errorf("the history is %q, want %q", m.querying.history.past, want)
	}
	if past, err := readHistory(m.querying.history.path); err != nil || !slices.Equal(past, want[1:]) {
		t.Errorf("the file has %q, %v; want %q", past, err, want[1:])
	}
	press(t, m, "/")
	m.Update(ctrl('u'))
	m.Update(ctrl('p'))
	if got := screenText(m); !strings.Contains(got, "/ error=true ") {
		t.Errorf("up does not bring the last query back:\n%s", got)
	}
}

func TestHistoryThatCannotBeKeptIsSaidOnce(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	m.querying.history.path = t.TempDir()
	press(t, m, "/", "x", "enter")
	if !m.failed || !strings.Contains(m.message, "the history of queries is not kept") {
		t.Errorf("it says %q", m.message)
	}
	press(t, m, "/", "y", "enter")
	if m.failed {
		t.Errorf("it says again %q", m.message)
	}
}
