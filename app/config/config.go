package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"tracefall/diagnose/rule"
	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/sources/query"
	"tracefall/sources/spelling"
	"tracefall/views"
	"tracefall/views/style"
	"tracefall/views/tracelist"
)

// Config is the configuration file.
type Config struct {
	Look  any           `toml:"theme"` // a name, or a table of changes with the name under "name"
	Theme string        // what Look comes to: style.Auto or one of style.Names
	Style style.Changes // to it
	ASCII bool          `toml:"ascii"` // draw with ASCII only
	Time  string        `toml:"time"`  // one of ClockModes
	Mouse *bool         `toml:"mouse"` // false leaves the mouse to the terminal

	Columns []string `toml:"columns"` // of the list, as tracelist.List.SetColumns takes them

	History *bool             `toml:"history"` // false keeps no queries from run to run
	Queries map[string]string `toml:"queries"` // name = "query", for the palette

	Keys map[views.Command]any `toml:"keys"` // command = "key" or ["key", …]

	Format  map[string]any   `toml:"format"` // what keys mean in formats of the user's own, by name
	Formats []sources.KeyMap // what Format comes to

	Backend  map[string]any `toml:"backend"` // servers that traces are asked from, by name
	Backends []Backend      // what Backend comes to, by name

	Logs      map[string]any   `toml:"logs"` // servers that the log lines of traces are asked from, by name
	LogStores []live.LogConfig // what Logs comes to, by name

	Diagnose   map[string]any  `toml:"diagnose"` // Thresholds, by detector and name
	Thresholds rule.Thresholds // what Diagnose comes to, nil for the defaults
}

// Read reads the configuration from path, or with "" from its usual place, where it may be missing. Keys can be
// given to these commands.
func Read(path string, commands func() []string) (Config, error) {
	usual := path == ""
	if usual {
		dir, err := os.UserConfigDir()
		if err != nil {
			return Config{}, nil //nolint:nilerr // without a home there is no configuration
		}
		path = filepath.Join(dir, "tracefall", "config.toml")
	}
	data, writable, err := readFile(path)
	switch {
	case usual && errors.Is(err, fs.ErrNotExist):
		return Config{}, nil
	case err != nil:
		if at, ok := errors.AsType[*fs.PathError](err); ok {
			err = at.Err
		}
		return Config{}, fmt.Errorf("configuration %s: %w", path, err)
	}
	c, err := parse(path, data, commands)
	if command := c.commandOf(); err == nil && writable && command != "" {
		return Config{}, fmt.Errorf("%s: other users can write this file, which names a command (%s): chmod go-w %[1]s", path, command)
	}
	return c, err
}

// readFile reads a file, and whether others than its owner may write it. Windows says so elsewhere.
func readFile(path string) (data []byte, writable bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, false, err
	}
	data, err = io.ReadAll(f)
	return data, runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0, err
}

// parse reads a configuration. What it does not know is an error that says where and what was meant.
func parse(path string, data []byte, commands func() []string) (Config, error) {
	var c Config
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&c)
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		first := &unknown.Errors[0]
		line, column := first.Position()
		key := first.Key()
		return c, fmt.Errorf("%s:%d:%d: unknown setting %q%s", path, line, column,
			strings.Join(key, "."), spelling.Suggest(key[len(key)-1], settingNames()))
	case errors.As(err, &wrong):
		line, column := wrong.Position()
		return c, fmt.Errorf("%s:%d:%d: %s", path, line, column, decodeProblem(wrong))
	case err != nil:
		return c, fmt.Errorf("%s: %w", path, err)
	}
	in := findPlaces(path, data)
	if err := c.readLook(in); err != nil {
		return c, err
	}
	if c.Formats, err = parseFormats(in, c.Format); err != nil {
		return c, err
	}
	if c.Backends, err = parseBackends(in, c.Backend); err != nil {
		return c, err
	}
	if c.LogStores, err = parseLogs(in, c.Logs); err != nil {
		return c, err
	}
	if err := c.checkLogs(in); err != nil {
		return c, err
	}
	if len(c.Diagnose) > 0 {
		if c.Thresholds, err = parseThresholds(in, c.Diagnose); err != nil {
			return c, err
		}
	}
	return c, c.check(in, commands)
}

// decodeProblem says in a person's words why TOML could not be read: the decoder speaks of Go's types.
func decodeProblem(wrong *toml.DecodeError) string {
	text := strings.TrimPrefix(wrong.Error(), "toml: ")
	switch key := wrong.Key(); {
	case strings.HasSuffix(text, "at start of value"):
		return `expected a value such as "text", 100 or true`
	case strings.HasPrefix(text, "cannot decode TOML") && len(key) > 0:
		return fmt.Sprintf("%s: expected %s", strings.Join(key, "."), valueForm(key))
	}
	return text
}

// valueForm describes the values that a setting takes.
func valueForm(key toml.Key) string {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		if f.Tag.Get("toml") != key[0] {
			continue
		}
		of := f.Type
		if of.Kind() == reflect.Pointer || of.Kind() == reflect.Map && len(key) > 1 {
			of = of.Elem()
		}
		switch of.Kind() {
		case reflect.Bool:
			return "true or false"
		case reflect.Slice:
			return `a list of texts: ["…", "…"]`
		case reflect.Map:
			return "a table [" + key[0] + "]"
		default:
		}
	}
	return `a text in quotes: "…"`
}

// check looks at the values of a configuration.
func (c Config) check(in places, commands func() []string) error {
	if _, err := ParseClock(c.Time); err != nil {
		return fmt.Errorf("%s: %w", in.at("time"), err)
	}
	if err := tracelist.New().SetColumns(c.Columns); err != nil {
		return fmt.Errorf("%s: %w", in.at("columns"), err)
	}
	for _, name := range sortedNames(c.Queries) {
		if _, err := query.Parse(c.Queries[name]); err != nil {
			return fmt.Errorf("%s: %s: %w", in.at("queries", name), name, err)
		}
	}
	var known []string
	if len(c.Keys) > 0 {
		known = commands() // not for nothing: it makes every screen
	}
	for _, name := range sortedNames(c.Keys) {
		if !slices.Contains(known, string(name)) {
			return fmt.Errorf("%s: unknown command %q%s", in.at("keys", string(name)), name, spelling.Suggest(string(name), known))
		}
		if _, err := KeyList(c.Keys[name]); err != nil {
			return fmt.Errorf("%s: keys of %s: %w", in.at("keys", string(name)), name, err)
		}
	}
	return nil
}

// settingNames lists the settings of the file.
func settingNames() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		if name := f.Tag.Get("toml"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// KeyList reads the keys of a command: one, or a list.
func KeyList(value any) ([]string, error) {
	all, ok := value.([]any)
	if !ok {
		all = []any{value}
	}
	keys := make([]string, 0, len(all))
	for _, one := range all {
		text, isText := one.(string)
		switch {
		case !isText && !ok:
			return nil, fmt.Errorf(`expected "key" or ["key", …], got %v`, value)
		case !isText:
			return nil, fmt.Errorf(`expected a key such as "ctrl-d", got %v`, one)
		}
		key := views.SpellKey(text)
		if !isKey(key) {
			return nil, fmt.Errorf(`unknown key %q: expected one such as "j", "ctrl-n", "f5" or "pgdn"`, text)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// isKey reports whether a terminal has a key of this name, as Bubble Tea spells it.
func isKey(key string) bool {
	for _, modifier := range []string{"ctrl+", "alt+", "shift+"} {
		key = strings.TrimPrefix(key, modifier)
	}
	number, isFunction := strings.CutPrefix(key, "f")
	if n, err := strconv.Atoi(number); isFunction && err == nil {
		return 1 <= n && n <= 63
	}
	return utf8.RuneCountInString(key) == 1 || slices.Contains([]string{
		"enter", "tab", "esc", "space", "backspace", "delete", "insert", "home", "end", "pgup", "pgdown", "up", "down", "left", "right", "begin", "find", "select",
	}, key)
}
