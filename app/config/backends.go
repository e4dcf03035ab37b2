package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/sources/live"
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

// backendSettings lists the settings of a table, each of which writes into b.
func backendSettings(b *Backend, in places) []serverSetting {
	return append(connectionSettings(&b.Config, `"jaeger", "tempo" or "auto"`, "https://jaeger.corp/jaeger", in),
		durationSetting("since", "1h", &b.Since),
		durationSetting("watch", "5s", &b.Watch),
		numberSetting("limit", 10_000, &b.Limit),
		textSetting("logs", "the name of a table [logs.NAME]", &b.Logs),
	)
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
	err := serverTable{in, "backend", name, backendSettings(&b, in)}.read(table, &b.Config, func() (string, error) { return b.Check() })
	return b, err
}

// commandOf names a command that the configuration makes the program run, "" for none.
func (c *Config) commandOf() string {
	named := func(of string, auth live.Auth) string {
		if commands := auth.Commands(); len(commands) > 0 {
			return commands[0] + " of " + of
		}
		return ""
	}
	for i := range c.Backends {
		if text := named("backend "+c.Backends[i].Name, c.Backends[i].Auth); text != "" {
			return text
		}
	}
	for i := range c.LogStores {
		if text := named("logs "+c.LogStores[i].Name, c.LogStores[i].Auth); text != "" {
			return text
		}
	}
	return ""
}
