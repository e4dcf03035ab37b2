package config

import (
	"fmt"
	"slices"

	"tracefall/sources/live"
	"tracefall/sources/spelling"
)

// parseLogs reads the tables [logs.NAME] of a configuration, sorted by name.
func parseLogs(in places, tables map[string]any) ([]live.LogConfig, error) {
	var stores []live.LogConfig
	for _, name := range sortedNames(tables) {
		table, ok := tables[name].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: expected a table [logs.%s]", in.at("logs", name), name)
		}
		s := live.LogConfig{Config: live.Config{Name: name}}
		settings := append(connectionSettings(&s.Config, `"loki" or "victorialogs"`, "https://loki.corp", in),
			textSetting("selector", "a selector of streams such as '"+live.DefaultSelector+"'", &s.Selector),
			durationSetting("shift", "60s", &s.Shift),
		)
		if err := (serverTable{in, "logs", name, settings}).read(table, &s.Config, func() (string, error) { return s.Check() }); err != nil {
			return nil, err
		}
		stores = append(stores, s)
	}
	return stores, nil
}

// checkLogs says which backend names logs that there are not.
func (c *Config) checkLogs(in places) error {
	var known []string
	for _, s := range c.LogStores {
		known = append(known, s.Name)
	}
	for _, b := range c.Backends {
		switch {
		case b.Logs == "" || slices.Contains(known, b.Logs):
		case len(known) == 0:
			return fmt.Errorf("%s: logs of backend %s: there is no table [logs.%s]", in.at("backend", b.Name, "logs"), b.Name, b.Logs)
		default:
			return fmt.Errorf("%s: logs of backend %s: unknown logs %q%s", in.at("backend", b.Name, "logs"), b.Name, b.Logs, spelling.Suggest(b.Logs, known))
		}
	}
	return nil
}

// LogsOf returns the log store of a name. With "" it is the only one that there is; ok is false where there is none.
func (c *Config) LogsOf(name string) (store live.LogConfig, ok bool) {
	if name == "" && len(c.LogStores) == 1 {
		return c.LogStores[0], true
	}
	i := slices.IndexFunc(c.LogStores, func(s live.LogConfig) bool { return s.Name == name })
	if i < 0 {
		return live.LogConfig{}, false
	}
	return c.LogStores[i], true
}
