package live

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

var discard = log.New(io.Discard, "", 0)

// keeps checks that a secret stands in no error and no event.
func (a *asked) keeps(t *testing.T, err error, secret string) {
	t.Helper()
	said := fmt.Sprintf("%v %+v %#v %v %+v %#v", err, err, err, a.credentials, a.credentials, a.events)
	if a.credentials.token != nil {
		said += fmt.Sprintf("%v %#v", a.credentials.token.all, a.credentials.token.all)
	}
	if strings.Contains(said, secret) || strings.Contains(said, base64.StdEncoding.EncodeToString([]byte(secret))) {
		t.Errorf("a secret is shown: %s", said)
	}
}

func needShell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands of this test are for a Unix shell")
	}
}

// shell is a command that counts its runs in a file.
func shell(t *testing.T, script string) (command []string, runs func() int) {
	needShell(t)
	count := filepath.Join(t.TempDir(), "runs")
	return []string{"sh", "-c", "echo >>'" + count + "'\n" + script}, func() int {
		data, err := os.ReadFile(count)
		if err != nil {
			return 0
		}
		return len(data)
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCredentials(t *testing.T) {
	needShell(t)
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("oncall:hunter2"))
	echo := []string{"echo", "hunter2"}
	for _, c := range []struct {
		auth Auth
		want map[string]string
	}{
		{Auth{}, map[string]string{"Authorization": ""}},
		{Auth{TokenEnv: "TOKEN"}, map[string]string{"Authorization": "Bearer hunter3"}},
		{Auth{TokenEnv: "SCHEMED"}, map[string]string{"Authorization": "Token hunter3"}},
		{Auth{TokenFile: file(t, "hunter2\r\n")}, map[string]string{"Authorization": "Bearer hunter2"}},
		{Auth{TokenCommand: echo}, map[string]string{"Authorization": "Bearer hunter2"}},
		{Auth{TokenCommand: echo, TokenHeader: "x-api-key"}, map[string]string{"X-Api-Key": "hunter2", "Authorization": ""}},
		{Auth{TokenCommand: echo, TokenHeader: "proxy-authorization"}, map[string]string{"Proxy-Authorization": "Bearer hunter2"}},
		{Auth{User: "oncall", PasswordFile: file(t, "hunter2\n")}, map[string]string{"Authorization": basic}},
		{Auth{User: "oncall", PasswordCommand: echo, TokenHeader: "Proxy-Authorization", TokenEnv: "TOKEN"}, map[string]string{"Authorization": basic, "Proxy-Authorization": "Bearer hunter3"}},
	} {
		var got http.Header
		at := serve(t, func(_ http.ResponseWriter, r *http.Request) { got = r.Header })
		client := connectIn(t, func(name string) string {
			return map[string]string{"TOKEN": "hunter3", "SCHEMED": "Token hunter3"}[name]
		}, Config{URL: at, Auth: c.auth})
		if _, err := client.get(t.Context(), "/x", nil, ""); err != nil {
			t.Errorf("%+v: %v", c.auth, err)
		}
		for name, want := range c.want {
			if got.Get(name) != want {
				t.Errorf("%+v: %s is %q, want %q", c.auth, name, got.Get(name), want)
			}
		}
		client.keeps(t, nil, "hunter")
	}
}

// TestRefusedCredentials checks that a command runs once, once more after a 401, and that a server's words
// do not show a token.
func TestRefusedCredentials(t *testing.T) {
	good := "hunter2-2"
	asked := 0
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		if got := r.Header.Get("Authorization"); got != "Bearer "+good {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, "no such token: %s", got)
		}
	})
	dir := t.TempDir()
	command, runs := shell(t, "cd '"+dir+"'; echo x >>n; echo hunter2-$(wc -l <n | tr -d ' ')")
	client := connect(t, Config{URL: at, Auth: Auth{TokenCommand: command}})
	for range 2 {
		if _, err := client.get(t.Context(), "/x", nil, ""); err != nil {
			t.Error(err)
		}
	}
	if runs() != 2 || asked != 3 {
		t.Errorf("%d runs for %d questions, want 2 for 3", runs(), asked)
	}
	client.keeps(t, nil, "hunter")

	good, asked = "none", 0
	_, err := client.get(t.Context(), "/x", nil, "")
	if err == nil || err.Error() != "prod: refused (401 no such token: Bearer ****): the token of token_command sh was not accepted" {
		t.Error(err)
	}
	if runs() != 3 || asked != 2 {
		t.Errorf("%d runs and %d questions, want 3 and 2", runs(), asked)
	}
	client.keeps(t, err, "hunter")

	name := file(t, "hunter2")
	client = connect(t, Config{URL: at, Auth: Auth{User: "oncall", PasswordFile: name}})
	asked = 0
	_, err = client.get(t.Context(), "/x", nil, "")
	if err == nil || err.Error() != "prod: refused (401 no such token: Basic ****): user oncall with the password of password_file "+name+" was not accepted" {
		t.Error(err)
	}
	if asked != 1 {
		t.Errorf("the same password was sent %d times", asked)
	}
	if n := len(client.credentials.password.all); n != 1 {
		t.Errorf("the same password is kept %d times", n)
	}
	client.keeps(t, err, "hunter")
}

func TestCommandFaults(t *testing.T) {
	asked := 0
	at := serve(t, func(http.ResponseWriter, *http.Request) { asked++ })
	for script, want := range map[string]string{
		"true":                                        "gave nothing, expected one line",
		"printf 'hunter2\\nhunter3\\n'":               "gave several lines, expected one",
		"printf 'hunter2\\033[31m'":                   "gave control characters",
		"yes hunter2 | head -c 100000":                "printed more than 64 KiB",
		"echo one >&2; echo two >&2; exit 3":          "failed: two",
		"exit 3":                                      "failed: exit status 3",
		"echo hunter2; echo \"hunter2?\" >&2; exit 1": "failed: ****?",
		"cat; exit 4":                                 "failed: exit status 4", // there is no input to wait for
		"read x </dev/tty || exit 5":                  "failed: ",
		"echo 'not a TTY' >&2; exit 6":                "failed: not a TTY: it has no terminal here, log in outside",
		"echo 'a pretty failure' >&2; exit 7":         "failed: a pretty failure",
	} {
		command, runs := shell(t, script)
		client := connect(t, Config{URL: at, Auth: Auth{TokenCommand: command}})
		_, err := client.get(t.Context(), "/x", nil, "")
		if err == nil || !strings.HasPrefix(err.Error(), "prod: token_command sh "+want) || strings.HasSuffix(want, "pretty failure") && strings.Contains(err.Error(), "terminal") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", script, err, want)
		}
		if runs() != 1 {
			t.Errorf("%s: %d runs", script, runs())
		}
		client.keeps(t, err, "hunter2")
	}
	client := connect(t, Config{URL: at, Auth: Auth{TokenCommand: []string{"no-such-program-here"}}})
	if _, err := client.get(t.Context(), "/x", nil, ""); err == nil || err.Error() != "prod: token_command no-such-program-here cannot be run: executable file not found in $PATH" {
		t.Error(err)
	}
	for auth, want := range map[*Auth]string{
		{TokenEnv: "NONE"}:                       "prod: token_env NONE is not set",
		{TokenFile: "/nowhere/x"}:                "prod: token_file /nowhere/x cannot be read: no such file or directory",
		{User: "x", PasswordFile: "/nowhere/pw"}: "prod: password_file /nowhere/pw cannot be read: no such file or directory",
	} {
		if _, err := connect(t, Config{URL: at, Auth: *auth}).get(t.Context(), "/x", nil, ""); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if asked > 0 {
		t.Errorf("the server was asked %d times", asked)
	}
}

// TestHangingCommand checks that a command has its time and no more, and what it started neither.
func TestHangingCommand(t *testing.T) {
	needShell(t)
	const patience = time.Minute // which a busy machine may need
	start := time.Now()
	child := filepath.Join(t.TempDir(), "pid")
	inTime(t, "a command that hangs", 200*time.Millisecond, func(limit time.Duration) string {
		_, err := output(t.Context(), []string{"sh", "-c", "sleep 600 & echo $! >'" + child + "'; sleep 600"}, limit)
		if err == nil || err.Error() != "did not end within "+lasting(limit)+": if it wants a login, log in outside" {
			t.Error(err)
		}
		if pid, err := os.ReadFile(child); len(pid) == 0 {
			return fmt.Sprintf("it did not start: %v", err)
		}
		return ""
	})
	if runtime.GOOS == "linux" {
		pid, err := os.ReadFile(child)
		if err != nil {
			t.Fatal(err)
		}
		for {
			stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
			if err != nil || strings.Contains(string(stat), ") Z ") {
				break
			}
			if time.Since(start) > patience {
				t.Fatal("what the command started still runs")
			}
			runtime.Gosched()
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := output(ctx, []string{"sleep", "600"}, time.Hour); err != ctx.Err() { //nolint:errorlint // it is this very error
		t.Error(err)
	}
	if took := time.Since(start); took > 2*patience {
		t.Errorf("it took %v", took)
	}
}

// TestCommandThatLeavesAnother takes what a command printed although what it started still has its output.
func TestCommandThatLeavesAnother(t *testing.T) {
	needShell(t)
	child := filepath.Join(t.TempDir(), "pid")
	got, err := output(t.Context(), []string{"sh", "-c", "sleep 60 & echo $! >'" + child + "'; echo token"}, time.Minute)
	if err != nil || got != "token\n" {
		t.Errorf("%q, %v", got, err)
	}
	pid, err := os.ReadFile(child)
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("kill", strings.TrimSpace(string(pid))).Run(); err != nil {
		t.Error(err)
	}
}

// TestCommandWithoutTerminal checks that a command has a session of its own: the terminal is that of its session.
func TestCommandWithoutTerminal(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the session stands in /proc only there")
	}
	got, err := output(t.Context(), []string{"sh", "-c", `read -r a b c d e session terminal rest </proc/$$/stat; echo $(($$ - session)) $terminal`}, time.Minute)
	if err != nil || got != "0 0\n" && got != "0 -1\n" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestPlainText checks that no credential crosses the network readable, before a connection is made.
func TestPlainText(t *testing.T) {
	token := Auth{TokenEnv: "TOKEN"}
	for _, c := range []struct {
		cfg Config
		ok  bool
	}{
		{Config{URL: "http://jaeger.corp", Auth: token}, false},
		{Config{URL: "http://10.1.2.3:16686", Auth: Auth{User: "x", PasswordEnv: "P"}}, false},
		{Config{URL: "http://localhost.corp", Auth: token}, false},
		{Config{URL: "http://jaeger.corp", Auth: token, Plain: true}, true},
		{Config{URL: "http://jaeger.corp"}, true},
		{Config{URL: "https://jaeger.corp", Auth: token}, true},
		{Config{URL: "http://localhost:16686", Auth: token}, true},
		{Config{URL: "http://127.0.0.2:16686", Auth: token}, true},
		{Config{URL: "http://[::1]:16686", Auth: token}, true},
		{Config{URL: "unix:/run/x.sock", Auth: token}, true},
	} {
		_, err := Open(c.cfg, Options{Env: func(name string) string {
			if name == "TOKEN" {
				t.Error("the token was read")
			}
			return ""
		}})
		if (err == nil) != c.ok || !c.ok && !strings.Contains(err.Error(), "url: credentials would cross the network as plain text to ") {
			t.Errorf("%s: %v", c.cfg.URL, err)
		}
	}
}

// TestRedirects checks who is followed where, and what goes along.
func TestRedirects(t *testing.T) {
	var got []string
	note := func(name string, r *http.Request) {
		got = append(got, fmt.Sprintf("%s %s %s %s %s", name, r.RequestURI, r.Header.Get("Authorization"), r.Header.Get("X-Team"), r.Header.Get("Accept")))
	}
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		note("other", r)
		if back := r.URL.Query().Get("back"); back != "" {
			http.Redirect(w, r, back, http.StatusFound)
		}
	})
	to := ""
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		note("prod", r)
		if r.URL.Path != "/end" {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		}
	})
	const all, none = "Bearer hunter3 a application/json", "  application/json"
	for _, c := range []struct {
		to   string
		want []string
		err  string
	}{
		{"/end?q=1", []string{"prod /x " + all, "prod /end?q=1 " + all}, ""},
		{at + "/end", []string{"prod /x " + all, "prod /end " + all}, ""},
		{other + "/end", []string{"prod /x " + all, "other /end " + none}, ""},
		{other + "/?back=" + at + "/end", []string{"prod /x " + all, "other /?back=" + at + "/end " + none, "prod /end " + none}, ""},
		{"http://login.corp/start?next=1", []string{"prod /x " + all}, "prod: redirected to login.corp: a login proxy? give a token (token_command), or go around it with a port-forward"},
		{"http://me:pw@login.corp", []string{"prod /x " + all}, "prod: redirected to login.corp: a login proxy? give a token (token_command), or go around it with a port-forward"},
		{"file:///etc/passwd", []string{"prod /x " + all}, "prod: redirected to"},
		{"/x", []string{"prod /x " + all, "prod /x " + all, "prod /x " + all, "prod /x " + all}, "prod: redirected more than 3 times"},
	} {
		to, got = c.to, nil
		client := connectIn(t, func(string) string { return "hunter3" }, Config{URL: at, Auth: Auth{TokenEnv: "T"}, Headers: map[string]string{"X-Team": "a"}})
		_, err := client.get(t.Context(), "/x", nil, "")
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.HasPrefix(err.Error(), c.err)) {
			t.Errorf("to %s: %v", c.to, err)
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("to %s:\n%s\nwant\n%s", c.to, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
		client.keeps(t, err, "hunter")
	}
}
