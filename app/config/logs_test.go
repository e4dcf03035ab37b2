package config

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"tracefall/sources/live"
)

func TestLogs(t *testing.T) {
	const one = `
[logs.loki]
kind = "loki"
url = "https://loki.corp/base"
tenant = "team-a"
selector = '{app=~".+"}'
shift = "2m"
token_file = "token"
`
	c, err := parse("/etc/c.toml", []byte(one), commands)
	if err != nil {
		t.Fatal(err)
	}
	want := []live.LogConfig{{
		Config: live.Config{
			Name: "loki", Kind: live.Loki, URL: "https://loki.corp/base", Tenant: "team-a", Auth: live.Auth{TokenFile: "/etc/token"},
		},
		Selector: `{app=~".+"}`, Shift: 2 * time.Minute,
	}}
	if !reflect.DeepEqual(c.LogStores, want) {
		t.Errorf("got  %+v\nwant %+v", c.LogStores, want)
	}
	if store, ok := c.LogsOf(""); !ok || store.Name != "loki" {
		t.Errorf("the only one is for everything: %+v", store)
	}
	c, err = parse("/etc/c.toml", []byte(one+"[logs.vl]\nkind = 'victorialogs'\nurl = 'https://vl.corp'\n"), commands)
	if err != nil {
		t.Fatal(err)
	}
	if store, ok := c.LogsOf(""); ok {
		t.Errorf("of two none is for everything: %+v", store)
	}
	if store, ok := c.LogsOf("vl"); !ok || store.Kind != live.VictoriaLogs {
		t.Errorf("by name: %+v", store)
	}
}

func TestLogErrors(t *testing.T) {
	const loki = "[logs.loki]\nkind = 'loki'\nurl = 'https://l.corp'\n"
	for _, c := range []struct{ text, want string }{
		{"[logs]\nloki = 'https://l.corp'\n", `c.toml:2:1: expected a table [logs.loki]`},
		{"[logs.loki]\nurl = 'https://l.corp'\n", `c.toml:1:7: logs loki: kind is missing: expected loki or victorialogs`},
		{"[logs.loki]\nurl = 'https://l.corp'\nkind = 'jaeger'\n", `c.toml:3:1: kind of logs loki: unknown kind "jaeger": expected loki or victorialogs`},
		{"[logs.loki]\nkind = 'loki'\n", `c.toml:1:7: logs loki: url is missing`},
		{loki + "selector = '{}'\n", `c.toml:4:1: selector of logs loki: expected a selector of streams with a matcher that is not empty, such as {service_name=~".+"}, got "{}"`},
		{loki + "shift = 60\n", `c.toml:4:1: shift of logs loki: expected a duration with its unit such as "60s"`},
		{loki + "since = '1h'\n", `c.toml:4:1: unknown setting "since" of logs loki`},
		{loki + "selecter = 'x'\n", `c.toml:4:1: unknown setting "selecter" of logs loki; did you mean "selector"?`},
		{loki + "token = 'hunter2'\n", `c.toml:4:1: token of logs loki: a secret does not stand in the configuration: set token_command, token_file or token_env`},
		{loki + "headers = { X-Api-Key = 'hunter2' }\n", `c.toml:4:13: headers of logs loki: X-Api-Key holds a secret`},
		{loki + "[backend.prod]\nurl = 'https://j.corp'\nlogs = 'lokki'\n", `c.toml:6:1: logs of backend prod: unknown logs "lokki"; did you mean "loki"?`},
		{"[backend.prod]\nurl = 'https://j.corp'\nlogs = 'loki'\n", `c.toml:3:1: logs of backend prod: there is no table [logs.loki]`},
	} {
		_, err := parse("c.toml", []byte(c.text), commands)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		} else if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "hunt") {
			t.Errorf("%q: the error has several lines or a secret: %q", c.text, err)
		}
	}
}

// TestCommandOfLogs checks that a command of a log store counts for what a file that others can write may not hold.
func TestCommandOfLogs(t *testing.T) {
	c, err := parse("c.toml", []byte("[logs.loki]\nkind = 'loki'\nurl = 'https://l.corp'\ntoken_command = ['x']\n"), commands)
	if err != nil || c.commandOf() != "token_command of logs loki" {
		t.Errorf("%q, %v", c.commandOf(), err)
	}
}
