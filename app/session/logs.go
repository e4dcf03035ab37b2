package session

import (
	"context"
	"errors"
	"time"

	"tracefall/sources/live"
	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/logs"
)

// logConnection is a log store that was asked.
type logConnection struct {
	*live.LogStore
	events []live.Event // the latest
}

// LogStore returns the log store for a trace: the one that the backend it came from names, else the only one. The error
// says why there is none.
func (b *Backends) LogStore(t *trace.Trace) (live.LogConfig, error) {
	name := ""
	if t.SpanCount() > 0 {
		if from, err := b.named(t.Span(t.First()).Input()); err == nil {
			name = from.Logs
		}
	}
	cfg, ok := b.settings.Config.LogsOf(name)
	switch {
	case ok:
		return cfg, nil
	case len(b.settings.Config.LogStores) == 0:
		return cfg, errors.New("no [logs.NAME] in the configuration")
	}
	return cfg, errors.New(`several [logs.NAME] and no backend of this trace: set logs = "NAME" of a backend`)
}

// LogPlace is a log store as screens name it.
func LogPlace(cfg live.LogConfig) string {
	return draw.Clean(cfg.Name) + draw.SegmentGap + shownLink(cfg.URL)
}

// ShownURL writes an address without what may be a secret in it.
func ShownURL(text string) string { return shownLink(text) }

// connectLogs returns the connection to a log store. It opens no socket.
func (b *Backends) connectLogs(cfg live.LogConfig) (*logConnection, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if open := b.logs[cfg.Name]; open != nil {
		return open, nil
	}
	connected := &logConnection{}
	store, err := live.OpenLogs(cfg, b.options(&connected.events))
	if err != nil {
		return nil, err
	}
	connected.LogStore, b.logs[cfg.Name] = store, connected
	return connected, nil
}

// LogLines asks a log store for the lines of a trace, at most so many, the first ones.
func (b *Backends) LogLines(ctx context.Context, cfg live.LogConfig, t *trace.Trace, limit int) ([]logline.Line, live.LogAnswer, error) {
	store, err := b.connectLogs(cfg)
	if err != nil {
		return nil, live.LogAnswer{Store: cfg.Name}, err
	}
	from, to := t.Extent()
	return store.Lines(ctx, t.ID(), live.Window{From: time.Unix(0, from), To: time.Unix(0, to)}, limit)
}

// LogEvents are the latest requests to a log store, the oldest first.
func (b *Backends) LogEvents(name string) []live.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	if open := b.logs[name]; open != nil {
		return append([]live.Event(nil), open.events...)
	}
	return nil
}

// LogNotes says what is worth knowing about an answer: how the lines were found, what may be missing, and where there are
// none what was asked.
func LogNotes(a live.LogAnswer, lines int, clock views.Clock) []logs.Note {
	var notes []logs.Note
	switch {
	case lines == 0 && a.Skipped == 0:
		for _, query := range a.Asked {
			notes = append(notes, logs.Note{Text: draw.Clean(query)})
		}
		notes = append(notes, logs.Note{Text: clock.Range(a.Window.From.UnixNano(), a.Window.To.UnixNano())})
	case a.Worded:
		notes = append(notes, logs.Note{Text: "trace id found in the text"})
	}
	if a.Skipped > 0 {
		notes = append(notes, logs.Note{Text: draw.Amount(a.Skipped, "line") + " unreadable", Warn: true})
	}
	if a.Partial != "" {
		notes = append(notes, logs.Note{Text: views.Partial + ": " + a.Partial, Warn: true})
	}
	return notes
}
