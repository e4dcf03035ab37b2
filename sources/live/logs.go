package live

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tracefall/sources/logline"
	"tracefall/sources/trace"
)

// The kinds of log stores.
const (
	Loki         Kind = "loki"
	VictoriaLogs Kind = "victorialogs"
)

// What a log store is asked where the configuration does not say otherwise.
const (
	DefaultSelector = `{service_name=~".+"}`
	DefaultShift    = time.Minute
	MostLines       = 1000 // at a time
)

// LogConfig is a log store as the configuration names it.
type LogConfig struct {
	Config                 // the connection; its kind is Loki or VictoriaLogs
	Selector string        // of Loki's streams; "" for DefaultSelector
	Shift    time.Duration // how far around a trace its lines are looked for; 0 for DefaultShift
}

// LogKinds lists the kinds of log stores that a configuration names.
func LogKinds() []Kind { return []Kind{Loki, VictoriaLogs} }

// Check says what is wrong with a configuration, as Config.Check does.
func (c LogConfig) Check() (setting string, err error) {
	if setting, err := c.checkAs("loki or victorialogs", LogKinds()); err != nil {
		return setting, err
	}
	switch {
	case c.Selector == "":
		return "", nil
	case c.Kind != Loki:
		return "selector", errors.New("only Loki has one")
	case !selects(c.Selector):
		return "selector", fmt.Errorf("expected a selector of streams with a matcher that is not empty, such as %s, got %q", DefaultSelector, c.Selector)
	}
	return "", nil
}

// selects reports whether a text is a selector of Loki's streams of which a matcher demands something: Loki refuses one
// that matches everything. Nothing may stand behind it, as the question follows.
func selects(text string) bool {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "{")
	demands := false
	for ok && rest != "" {
		rest = strings.TrimLeft(rest, " \t")
		name := len(rest) - len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))
		if name == 0 {
			return false
		}
		rest = strings.TrimLeft(rest[name:], " \t")
		var operator string
		for _, one := range []string{"=~", "!~", "!=", "="} {
			if strings.HasPrefix(rest, one) {
				operator = one
				break
			}
		}
		rest = strings.TrimLeft(rest[len(operator):], " \t")
		quoted, err := strconv.QuotedPrefix(rest)
		if operator == "" || err != nil || quoted[0] == '\'' {
			return false
		}
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return false
		}
		demands = demands || value != "" && (operator == "=" || operator == "=~" && value != ".*")
		rest = strings.TrimLeft(rest[len(quoted):], " \t")
		if rest == "}" {
			return demands
		}
		rest, ok = strings.CutPrefix(rest, ",")
	}
	return false
}

// LogStore is a server that is asked for the log lines of traces. Its methods may be called from several goroutines.
type LogStore struct {
	config LogConfig
	api    api
}

// OpenLogs returns a log store. It opens no socket; the error says what is wrong with the configuration.
func OpenLogs(cfg LogConfig, opt Options) (*LogStore, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if err := cfg.named(cfg.Check()); err != nil {
		return nil, err
	}
	if cfg.Selector == "" {
		cfg.Selector = DefaultSelector
	}
	if cfg.Shift <= 0 {
		cfg.Shift = DefaultShift
	}
	c, err := newClient(cfg.Config, opt)
	if err != nil {
		return nil, err
	}
	return &LogStore{config: cfg, api: api{c}}, nil
}

// LogAnswer says what a log store was asked, and whether anything may be missing.
type LogAnswer struct {
	Store    string // its name
	Kind     Kind
	URL      string   // without user info
	Window   Window   // of the question
	Asked    []string // in its own language, a line a request
	Worded   bool     // the lines hold the id in their text: no field has it
	More     bool     // as many came as were asked for: there may be more
	Skipped  int      // lines that could not be read
	Partial  string   // why the answer is not whole, "" where it is
	Requests int
	Bytes    int64
	Took     time.Duration
}

// Lines asks for the lines of a trace, at most so many, sorted by time: those with the id in a field, and where there are
// none those with the id in their text. Of the window, which is that of the trace, the store is asked for some more.
func (s *LogStore) Lines(ctx context.Context, id trace.TraceID, of Window, limit int) ([]logline.Line, LogAnswer, error) {
	began := s.api.opt.Now()
	ctx, asked := tallied(ctx)
	a := LogAnswer{
		Store: s.config.Name, Kind: s.config.Kind, URL: s.config.URL,
		Window: Window{of.From.Add(-s.config.Shift), of.To.Add(s.config.Shift)},
	}
	var lines []logline.Line
	var err error
	for _, worded := range []bool{false, true} {
		a.Worded = worded
		if lines, err = s.ask(ctx, s.query(id, worded), limit, &a); err != nil || len(lines) > 0 {
			break
		}
	}
	a.More = len(lines)+a.Skipped >= limit
	a.Requests, a.Bytes, a.Took = int(asked.requests.Load()), asked.bytes.Load(), s.api.opt.Now().Sub(began)
	return lines, a, err
}

// query is the question for the lines with an id: in a field, or as a word of the text.
func (s *LogStore) query(id trace.TraceID, worded bool) string {
	ids := spellings(id)
	switch quoted := quotedAll(ids); {
	case s.config.Kind == Loki && worded && len(ids) > 1:
		return s.config.Selector + " |~ " + strconv.Quote(strings.Join(ids, "|"))
	case s.config.Kind == Loki && worded:
		return s.config.Selector + " |= " + quoted[0]
	case s.config.Kind == Loki:
		return s.config.Selector + " | trace_id=" + strings.Join(quoted, " or trace_id=")
	case worded:
		return strings.Join(quoted, " or ") + " | sort by (_time)"
	case len(ids) > 1:
		return "trace_id:in(" + strings.Join(quoted, ",") + ") | sort by (_time)"
	default:
		return "trace_id:=" + quoted[0] + " | sort by (_time)"
	}
}

// spellings are how logs write an id: one of 64 bits with its leading zeros or without them.
func spellings(id trace.TraceID) []string {
	all := []string{id.String()}
	if id.Text == "" && id.Hi == 0 && len(all[0]) == 32 {
		all = append(all, all[0][16:])
	}
	return all
}

// quotedAll quotes texts as both query languages do.
func quotedAll(texts []string) []string {
	quoted := slices.Clone(texts)
	for n, text := range texts {
		quoted[n] = strconv.Quote(text)
	}
	return quoted
}

// ask asks a question and reads the lines of its answer.
func (s *LogStore) ask(ctx context.Context, query string, limit int, a *LogAnswer) ([]logline.Line, error) {
	a.Asked = append(a.Asked, query)
	params := url.Values{"query": {query}, "limit": {strconv.Itoa(limit)}}
	path := "/select/logsql/query"
	if s.config.Kind == Loki {
		path = "/loki/api/v1/query_range"
		params.Set("direction", "forward")
		params.Set("start", strconv.FormatInt(a.Window.From.UnixNano(), 10))
		params.Set("end", strconv.FormatInt(a.Window.To.UnixNano(), 10))
	} else {
		setTime(params, "start", a.Window.From)
		setTime(params, "end", a.Window.To)
	}
	r, err := s.api.expect(ctx, path, params)
	switch {
	case errors.Is(err, errWebPage):
		return nil, fmt.Errorf("%s: %s answers a web page, not the API of %s; the API is under another path", s.config.Name, s.config.URL, s.config.Kind)
	case err != nil:
		return nil, err
	}
	a.Partial = r.cut
	lines, ok := s.read(r, limit, a)
	if !ok && r.cut == "" {
		return nil, s.api.notJSON(r)
	}
	return lines, nil
}

// read reads an answer. ok is false where it is none.
func (s *LogStore) read(r *reply, limit int, a *LogAnswer) (lines []logline.Line, ok bool) {
	if s.config.Kind == Loki {
		lines, a.Skipped, ok = logline.Loki(r.body, limit)
		return lines, ok
	}
	lines, a.Skipped = logline.Victoria(r.body, limit)
	return lines, len(lines) > 0 || a.Skipped == 0
}
