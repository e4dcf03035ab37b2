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

// serverSetting is a setting of a server: how it is read, and an example for who wrote something else.
type serverSetting struct {
	name, expected string
	set            func(value any) bool
}

func textSetting(name, expected string, to *string) serverSetting {
	return serverSetting{name, expected, func(value any) bool {
		s, ok := value.(string)
		*to = s
		return ok && s != ""
	}}
}

func durationSetting(name, example string, to *time.Duration) serverSetting {
	return serverSetting{name, `a duration with its unit such as "` + example + `"`, func(value any) bool {
		s, _ := value.(string)
		d, err := time.ParseDuration(strings.ReplaceAll(s, " ", ""))
		*to = d
		return err == nil && d > 0
	}}
}

func numberSetting(name string, most int64, to *int) serverSetting {
	return serverSetting{name, fmt.Sprintf("a whole number from 1 to %d", most), func(value any) bool {
		n, ok := value.(int64)
		*to = int(n)
		return ok && n > 0 && n <= most
	}}
}

func commandSetting(name string, to *[]string) serverSetting {
	return serverSetting{name, `a program and its arguments, such as ["gcloud", "auth", "print-identity-token"]`, func(value any) bool {
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

// fileSetting reads a path: what is not absolute lies beside the configuration.
func fileSetting(name string, in places, to *string) serverSetting {
	s := textSetting(name, `a path in quotes`, to)
	read := s.set
	s.set = func(value any) bool {
		ok := read(value)
		*to = besideConfig(in.path, *to)
		return ok
	}
	return s
}

// connectionSettings lists the settings of a connection, each of which writes into c. The kinds and the address are
// examples.
func connectionSettings(c *live.Config, kinds, address string, in places) []serverSetting {
	return []serverSetting{
		textSetting("kind", kinds, (*string)(&c.Kind)),
		textSetting("url", `an address such as "`+address+`"`, &c.URL),
		textSetting("tenant", `a name such as "team-a"`, &c.Tenant),
		{"headers", `a table such as { X-Team = "a" }`, func(value any) bool { return setHeaders(c, value) }},
		durationSetting("timeout", "30s", &c.Timeout),
		{"max_answer", `a size such as "256MiB"`, func(value any) bool {
			s, _ := value.(string)
			n, err := humanize.ParseBytes(s)
			c.MaxAnswer = int64(min(n, 1<<40))
			return err == nil && n > 0
		}},
		numberSetting("parallel", 64, &c.Parallel),
		commandSetting("token_command", &c.Auth.TokenCommand),
		fileSetting("token_file", in, &c.Auth.TokenFile),
		textSetting("token_env", "the name of a variable of the environment", &c.Auth.TokenEnv),
		textSetting("token_header", `the name of a header such as "X-Api-Key"`, &c.Auth.TokenHeader),
		textSetting("user", "a name in quotes", &c.Auth.User),
		fileSetting("password_file", in, &c.Auth.PasswordFile),
		textSetting("password_env", "the name of a variable of the environment", &c.Auth.PasswordEnv),
		commandSetting("password_command", &c.Auth.PasswordCommand),
		fileSetting("ca_file", in, &c.TLS.CAFile),
		fileSetting("cert_file", in, &c.TLS.CertFile),
		fileSetting("key_file", in, &c.TLS.KeyFile),
		textSetting("server_name", `the name in the certificate, such as "jaeger.corp"`, &c.TLS.ServerName),
		{"plain", "true or false", func(value any) (ok bool) {
			c.Plain, ok = value.(bool)
			return ok
		}},
	}
}

func setHeaders(c *live.Config, value any) bool {
	table, ok := value.(map[string]any)
	c.Headers = map[string]string{}
	for name, one := range table {
		text, isText := one.(string)
		c.Headers[name] = text
		ok = ok && isText
	}
	return ok
}

// serverTable is a table of the configuration that names a server.
type serverTable struct {
	in       places
	table    string // that all of its kind lie in: [backend.NAME]
	name     string
	settings []serverSetting
}

// read reads the table and checks the connection. What it does not know is an error that says where and what was meant.
func (s serverTable) read(table map[string]any, connection *live.Config, check func() (string, error)) error {
	of := s.table + " " + s.name
	var known []string
	for _, one := range s.settings {
		known = append(known, one.name)
	}
	wrong := func(setting, format string, args ...any) error {
		return fmt.Errorf("%s: %s of %s: %w", s.in.at(s.table, s.name, setting), setting, of, fmt.Errorf(format, args...))
	}
	for _, setting := range sortedNames(table) {
		if setting == "token" || setting == "password" {
			return wrong(setting, "a secret does not stand in the configuration: set %s_command, %[1]s_file or %[1]s_env", setting)
		}
		i := slices.Index(known, setting)
		if i < 0 {
			return fmt.Errorf("%s: unknown setting %q of %s%s", s.in.at(s.table, s.name, setting), setting, of, spelling.Suggest(setting, known))
		}
		if !s.settings[i].set(table[setting]) {
			return wrong(setting, "expected %s", s.settings[i].expected)
		}
	}
	for _, header := range sortedNames(connection.Headers) {
		if err := live.CheckHeader(header, connection.Headers[header]); err != nil {
			return fmt.Errorf("%s: headers of %s: %w", s.in.at(s.table, s.name, "headers", header), of, err)
		}
	}
	switch setting, err := check(); {
	case err != nil && setting != "":
		return wrong(setting, "%w", err)
	case err != nil:
		return fmt.Errorf("%s: %s: %w", s.in.at(s.table, s.name), of, err)
	}
	return nil
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
