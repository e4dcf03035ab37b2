//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// played is what a command of the program did.
type played struct {
	out, err string
	code     int
}

// play runs the program without a configuration of the user, and with env.
func play(t *testing.T, env []string, args ...string) played {
	t.Helper()
	cmd := exec.Command(tracefall, args...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	home := t.TempDir()
	cmd.Env = append([]string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")}, env...)
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			t.Fatalf("tracefall %s: %v", strings.Join(args, " "), err)
		}
	}
	return played{out.String(), complaints.String(), cmd.ProcessState.ExitCode()}
}

// answered is what the JSON of a query says.
type answered struct {
	Traces  []map[string]any
	Notices []struct{ Kind, Message string }
	Backend struct {
		Complete string `json:"complete_from_unix_nano"`
		Asked    string
	}
}

// asked runs a query. Which backend or which files are asked stands in args.
func asked(t *testing.T, env []string, query string, args ...string) answered {
	t.Helper()
	var a answered
	decode(t, play(t, env, append([]string{"query", query, "--format", "json"}, args...)...), &a)
	slices.SortFunc(a.Traces, func(a, b map[string]any) int { return strings.Compare(id(a), id(b)) })
	return a
}

// decode reads the JSON that a command printed. That nothing was found is no failure.
func decode(t *testing.T, p played, to any) {
	t.Helper()
	if p.code > 1 {
		t.Fatalf("exit status %d: %s", p.code, p.err)
	}
	if err := json.Unmarshal([]byte(p.out), to); err != nil {
		t.Fatalf("%v in %q, and %q", err, p.out, p.err)
	}
}

func id(trace map[string]any) string {
	text, _ := trace["trace_id"].(string)
	return text
}

// since returns those of the traces that started at a time, in Unix ns, or later.
func since(t *testing.T, traces []map[string]any, from int64) []map[string]any {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(traces), func(one map[string]any) bool {
		text, _ := one["start_unix_nano"].(string)
		at, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return at < from
	})
}

// findings returns what `diagnose` finds, by fingerprint and with the title, sorted.
func findings(t *testing.T, args ...string) []string {
	t.Helper()
	var said struct {
		Findings []struct{ Fingerprint, Title string }
	}
	decode(t, play(t, nil, append([]string{"diagnose", "--format", "json"}, args...)...), &said)
	var all []string
	for _, f := range said.Findings {
		all = append(all, f.Fingerprint+" "+f.Title)
	}
	slices.Sort(all)
	return all
}
