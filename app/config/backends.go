package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tracefall/sources/live"
	"tracefall/sources/spelling"
)

// Backend is a server that traces are asked from, a table [backend.NAME]. What is not given is zero: the connection and
// the commands have their defaults.
type Backend struct {
	live.Config
	Since time.Duration // how far back the window reaches
	Watch time.Duration // how often it is asked again while it is watched
	Limit int           // traces
	Logs  string        // the name of the table [logs.NAME] whose lines belong to these traces
}

// backendSetting is a setting of a backend: how it is read, and an example for who wrote something else.
type backendSetting struct {
	name, expected string
	set            func(value any) bool
}

// backendSettings lists the settings of a table, each of which writes into b.
func backendSettings(b *Backend, path func(string) string) []backendSetting {
	text := func(name, expected string, to *string) backendSetting {
		return backendSetting{name, expected, func(value any) bool {
			s, ok := value.(string)
			*to = s
			return ok && s != ""
		}}
	}
	file := func(name string, to *string) backendSetting {
		s := text(name, `a path in quotes`, to)
		read := s.set
		s.set = func(value any) bool {
			ok := read(value)
			*to = path(*to)
			return ok
		}
		return s
	}
	duration := func(name, example string, to *time.Duration) backendSetting {
		return backendSetting{name, `a duration with its unit such as "` + example + `"`, func(value any) bool {
			s, _ := value.(string)
			d, err := time.ParseDuration(strings.ReplaceAll(s, " ", ""))
			*to = d
			return err == nil && d > 0
		}}
	}
	number := func(name string, most int64, to *int) backendSetting {
		return backendSetting{name, fmt.Sprintf("a whole number from 1 to %d", most), func(value any) bool {
			n, ok := value.(int64)
			*to = int(n)
			return ok && n > 0 && n <= most
		}}
	}
	command := func(name string, to *[]string) backendSetting {
		return backendSetting{name, `a program and its arguments, such as ["gcloud", "auth", "print-identity-token"]`, func(value any) bool {
			list, ok := value.([]any)
			*to = []string{}
			for _, one := range list {
				word, isText := one.(string)
				*to = append(*to, word)
				ok = ok && isText
			}
			return ok
		}}
	}
	return []backendSetting{
		text("kind", `"jaeger", "tempo" or "auto"`, (*string)(&b.Kind)),
		text("url", `an address such as "https://jaeger.corp/jaeger"`, &b.URL),
		text("tenant", `a name such as "team-a"`, &b.Tenant),
		{"headers", `a table such as { X-Team = "a" }`, func(value any) bool { return b.setHeaders(value) }},
		duration("since", "1h", &b.Since),
		duration("watch", "5s", &b.Watch),
		number("limit", 10_000, &b.Limit),
		duration("timeout", "30s", &b.Timeout),
		{"max_answer", `a size such as "256MiB"`, func(value any) bool {
			s, _ := value.(string)
			n, err := humanize.ParseBytes(s)
			b.MaxAnswer = int64(min(n, 1<<40))
			return err == nil && n > 0
		}},
		number("parallel", 64, &b.Parallel),
		command("token_command", &b.Auth.TokenCommand),
		file("token_file", &b.Auth.TokenFile),
		text("token_env", "the name of a variable of the environment", &b.Auth.TokenEnv),
		text("token_header", `the name of a header such as "X-Api-Key"`, &b.Auth.TokenHeader),
		text("user", "a name in quotes", &b.Auth.User),
		file("password_file", &b.Auth.PasswordFile),
		text("password_env", "the name of a variable of the environment", &b.Auth.PasswordEnv),
		command("password_command", &b.Auth.PasswordCommand),
		file("ca_file", &b.TLS.CAFile),
		file("cert_file", &b.TLS.CertFile),
		file("key_file", &b.TLS.KeyFile),
		text("server_name", `the name in the certificate, such as "jaeger.corp"`, &b.TLS.ServerName),
		{"plain", "true or false", func(value any) (ok bool) {
			b.Plain, ok = value.(bool)
			return ok
		}},
		text("logs", "the name of a table [logs.NAME]", &b.Logs),
	}
}

func (b *Backend) setHeaders(value any) bool {
	table, ok := value.(map[string]any)
	b.Headers = map[string]string{}
	for name, one := range table {
		text, isText := one.(string)
		b.Headers[name] = text
		ok = ok && isText
	}
	return ok
}

// parseBackends reads the tables [backend.NAME] of a configuration, sorted by name. What it does not know is an error
// that says where and what was meant.
func parseBackends(in places, tables map[string]any) ([]Backend, error) {
	var backends []Backend
	for _, name := range sortedNames(tables) {
		table, ok := tables[name].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: expected a table [backend.%s]", in.at("backend", name), name)
		}
		if err := checkBackendName(name); err != nil {
			return nil, fmt.Errorf("%s: %w", in.at("backend", name), err)
		}
		b, err := parseBackend(in, name, table)
		if err != nil {
			return nil, err
		}
		backends = append(backends, b)
	}
	return backends, nil
}

// checkBackendName says why a name cannot stand before a colon, as in prod:TRACEID.
func checkBackendName(name string) error {
	odd := func(r rune) bool {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		return !letter && !('0' <= r && r <= '9') && r != '-' && r != '_' && r != '.'
	}
	switch {
	case strings.ContainsFunc(name, odd) || name == "" || strings.HasPrefix(name, "-") || strings.HasPrefix(name, "."):
		return fmt.Errorf("the name %q of a backend stands before a colon, as in prod:TRACEID: expected letters, digits and -_. only", name)
	case len(name) == 1:
		return fmt.Errorf("the name %q of a backend would be read as a drive (C:), expected two characters or more", name)
	case slices.Contains([]string{"http", "https", "unix"}, strings.ToLower(name)):
		return fmt.Errorf("the name %q of a backend would begin an address, as in https://jaeger.corp", name)
	}
	return nil
}

func parseBackend(in places, name string, table map[string]any) (Backend, error) {
	b := Backend{Config: live.Config{Name: name}}
	settings := backendSettings(&b, func(file string) string { return besideConfig(in.path, file) })
	var known []string
	for _, s := range settings {
		known = append(known, s.name)
	}
	wrong := func(setting, format string, args ...any) error {
		return fmt.Errorf("%s: %s of backend %s: %w", in.at("backend", name, setting), setting, name, fmt.Errorf(format, args...))
	}
	for _, setting := range sortedNames(table) {
		if setting == "token" || setting == "password" {
			return b, wrong(setting, "a secret does not stand in the configuration: set %s_command, %[1]s_file or %[1]s_env", setting)
		}
		i := slices.Index(known, setting)
		if i < 0 {
			return b, fmt.Errorf("%s: unknown setting %q of backend %s%s", in.at("backend", name, setting), setting, name, spelling.Suggest(setting, known))
		}
		if !settings[i].set(table[setting]) {
			return b, wrong(setting, "expected %s", settings[i].expected)
		}
	}
	for _, header := range sortedNames(b.Headers) {
		if err := live.CheckHeader(header, b.Headers[header]); err != nil {
			return b, fmt.Errorf("%s: headers of backend %s: %w", in.at("backend", name, "headers", header), name, err)
		}
	}
	switch setting, err := b.Check(); {
	case err != nil && setting != "":
		return b, wrong(setting, "%w", err)
	case err != nil:
		return b, fmt.Errorf("%s: backend %s: %w", in.at("backend", name), name, err)
	}
	return b, nil
}

// besideConfig returns the path of a file that the configuration names: ~/ is the home of the user, and what is not
// absolute lies beside the configuration.
func besideConfig(config, file string) string {
	if rest, ok := strings.CutPrefix(file, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if file == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(filepath.Dir(config), file)
}

// commandOf names a command that the configuration makes the program run, "" for none.
func (c *Config) commandOf() string {
	for i := range c.Backends {
		if commands := c.Backends[i].Auth.Commands(); len(commands) > 0 {
			return fmt.Sprintf("%s of backend %s", commands[0], c.Backends[i].Name)
		}
	}
	return ""
}
