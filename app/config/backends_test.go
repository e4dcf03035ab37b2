package config

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"tracefall/sources/live"
)

func TestBackends(t *testing.T) {
	c, err := parse("/etc/c.toml", []byte(`
[backend.stage]
url = "unix:/run/jaeger.sock"

[backend.prod]
kind = "jaeger"
url = "https://jaeger.corp/jaeger"
tenant = "team-a"
headers = { X-Team = "a" }
since = "2h"
limit = 50
timeout = "10s"
max_answer = "64MiB"
parallel = 4
token_command = ["gcloud", "auth", "print-identity-token"]
token_header = "Proxy-Authorization"
user = "oncall"
password_file = "pw"
ca_file = "/ca.pem"
cert_file = "cert.pem"
key_file = "keys/key.pem"
server_name = "jaeger"
plain = true
logs = "loki"

[logs.loki]
kind = "loki"
url = "https://loki.corp"
`), commands)
	if err != nil {
		t.Fatal(err)
	}
	want := []Backend{
		{
			Config: live.Config{
				Name: "prod", Kind: live.Jaeger, URL: "https://jaeger.corp/jaeger", Tenant: "team-a", Headers: map[string]string{"X-Team": "a"},
				Timeout: 10 * time.Second, MaxAnswer: 64 << 20, Parallel: 4, Plain: true,
				Auth: live.Auth{
					TokenCommand: []string{"gcloud", "auth", "print-identity-token"}, TokenHeader: "Proxy-Authorization",
					User: "oncall", PasswordFile: "/etc/pw",
				},
				TLS: live.TLS{CAFile: "/ca.pem", CertFile: "/etc/cert.pem", KeyFile: "/etc/keys/key.pem", ServerName: "jaeger"},
			},
			Since: 2 * time.Hour, Limit: 50, Logs: "loki",
		},
		{Config: live.Config{Name: "stage", URL: "unix:/run/jaeger.sock"}},
	}
	if !reflect.DeepEqual(c.Backends, want) {
		t.Errorf("got  %+v\nwant %+v", c.Backends, want)
	}
}

func TestBackendErrors(t *testing.T) {
	const prod = "[backend.prod]\nurl = 'https://j.corp'\n"
	for _, c := range []struct{ text, want string }{
		{prod + "tokn_file = 'x'\n", `c.toml:3:1: unknown setting "tokn_file" of backend prod; did you mean "token_file"?`},
		{prod + "token = 'hunter2'\n", `c.toml:3:1: token of backend prod: a secret does not stand in the configuration: set token_command, token_file or token_env`},
		{prod + "password = 'hunter2'\n", `c.toml:3:1: password of backend prod: a secret does not stand in the configuration: set password_command, password_file or password_env`},
		{prod + "headers = { X-Team = 'a', authorization = 'hunter2' }\n", `c.toml:3:27: headers of backend prod: Authorization holds a secret: set token_header, and token_command, token_file or token_env`},
		{prod + "[backend.prod.headers]\nX-Api-Key = 'hunter2'\n", `c.toml:4:1: headers of backend prod: X-Api-Key holds a secret`},
		{prod + "headers = { Proxy-Authorization = 'hunter2' }\n", `c.toml:3:13: headers of backend prod: Proxy-Authorization holds a secret`},
		{prod + "headers = { cookie = 'hunter2' }\n", `c.toml:3:13: headers of backend prod: Cookie holds a secret`},
		{prod + "headers = { Accept = 'x' }\n", `c.toml:3:13: headers of backend prod: Accept is set by the connection`},
		{prod + "headers = 'X-Team: a'\n", `c.toml:3:1: headers of backend prod: expected a table such as { X-Team = "a" }`},
		{prod + "kind = 'zipkin'\n", `c.toml:3:1: kind of backend prod: unknown kind "zipkin": expected jaeger, tempo or auto`},
		{prod + "since = 3\n", `c.toml:3:1: since of backend prod: expected a duration with its unit such as "1h"`},
		{prod + "timeout = '-3s'\n", `c.toml:3:1: timeout of backend prod: expected a duration with its unit such as "30s"`},
		{prod + "limit = 0\n", `c.toml:3:1: limit of backend prod: expected a whole number from 1 to 10000`},
		{prod + "parallel = 1000\n", `c.toml:3:1: parallel of backend prod: expected a whole number from 1 to 64`},
		{prod + "max_answer = 'much'\n", `c.toml:3:1: max_answer of backend prod: expected a size such as "256MiB"`},
		{prod + "token_command = 'gcloud auth'\n", `c.toml:3:1: token_command of backend prod: expected a program and its arguments`},
		{prod + "token_command = []\n", `c.toml:3:1: token_command of backend prod: expected a program and its arguments`},
		{prod + "token_file = 'x'\ntoken_env = 'X'\n", `c.toml:4:1: token_env of backend prod: the token comes from one place, token_file gives it already`},
		{prod + "user = 'x'\n", `c.toml:3:1: user of backend prod: there is no password: set password_command, password_file or password_env`},
		{prod + "user = 'x'\npassword_env = 'P'\ntoken_env = 'T'\n", `c.toml:5:1: token_env of backend prod: the token and the user would both stand in Authorization: set token_header`},
		{prod + "cert_file = 'x'\n", `c.toml:3:1: cert_file of backend prod: the key is missing: set key_file`},
		{prod + "plain = 'yes'\n", `c.toml:3:1: plain of backend prod: expected true or false`},
		{"[backend.prod]\nurl = 'http://j.corp'\ntoken_env = 'T'\n", `c.toml:2:1: url of backend prod: credentials would cross the network as plain text to j.corp: use https, a port-forward, or plain = true`},
		{"[backend.prod]\nurl = 'https://oncall:hunter2@j.corp'\n", `c.toml:2:1: url of backend prod: expected no user in the address: give user and password_file`},
		{"[backend.prod]\nurl = 'https://oncall:hunt%er2@j.corp'\n", `c.toml:2:1: url of backend prod: expected an address such as https://jaeger.corp/jaeger`},
		{"[backend.prod]\nkind = 'tempo'\n", `c.toml:1:10: backend prod: url is missing`},
		{"[backend.p]\nurl = 'https://j.corp'\n", `c.toml:1:10: the name "p" of a backend would be read as a drive (C:), expected two characters or more`},
		{"[backend.'a b']\nurl = 'https://j.corp'\n", `c.toml:1:10: the name "a b" of a backend stands before a colon`},
		{"[backend.https]\nurl = 'https://j.corp'\n", `c.toml:1:10: the name "https" of a backend would begin an address`},
		{"[backend]\nprod = 'https://j.corp'\n", `c.toml:2:1: expected a table [backend.prod]`},
	} {
		_, err := parse("c.toml", []byte(c.text), commands)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		} else if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "hunt") {
			t.Errorf("%q: the error has several lines or a secret: %q", c.text, err)
		}
	}
}

// TestCommandsOfOthers checks that a file that others can write cannot make the program run a command.
func TestCommandsOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such mode")
	}
	path := filepath.Join(t.TempDir(), "c.toml")
	const prod = "[backend.prod]\nurl = 'https://j.corp'\n"
	for _, c := range []struct {
		text string
		mode os.FileMode
		ok   bool
	}{
		{prod + "token_command = ['x']\n", 0o644, true},
		{prod + "token_command = ['x']\n", 0o664, false},
		{prod + "token_command = ['x']\n", 0o602, false},
		{prod + "user = 'x'\npassword_command = ['x']\n", 0o666, false},
		{prod + "token_env = 'X'\n", 0o666, true},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		_, err := Read(path, commands)
		if ok := err == nil; ok != c.ok || !ok && !strings.HasSuffix(err.Error(), "_command of backend prod): chmod go-w "+path) {
			t.Errorf("mode %o: %v", c.mode, err)
		}
	}
}
