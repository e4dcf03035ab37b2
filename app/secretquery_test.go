package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/statistics"
)

// signedIn has a secret in every place that completion, statistics and the palette offer: each ends in "hush".
const signedIn = `
	trace 1
	"shop token=s3rv-hush" "POST /in?password=n4me-hush" 0ms +90ms kind=server user.password=first-hush auth.token=Tk1-first-hush
	  event "retry password=ev3nt-hush" 10ms detail="password=d3tail-hush"
	  api call 10ms +20ms kind=client user.password=second-hush note="password=n0te-hush"
	trace 2
	api "GET /out?password=n5me-hush" 5s +30ms kind=server user.password=third-hush
`

// askingModel is a model of it whose history is a file.
func askingModel(t *testing.T) *model {
	t.Helper()
	m := testModel(t, tracetest.Set(t, signedIn))
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	m.querying.history.path = filepath.Join(t.TempDir(), "history")
	return m
}

// quiet fails where a secret stands on the screen, in the history or its file, or in the command that is copied.
func quiet(t *testing.T, m *model, doing string) {
	t.Helper()
	// What rows show is the subject of TestSecretsStayMasked; here it is what stands beside them, and on top of them.
	beside := m.title() + m.message
	if m.top().Typing() || m.inPalette {
		beside += strings.ReplaceAll(screenText(m), "shop token=s3rv-hush", "")
	}
	if strings.Contains(beside, "hush") {
		t.Errorf("%s: on the screen:\n%s", doing, beside)
	}
	keptQuiet(t, m, doing)
	if command := m.sharing.reopening().Command(); strings.Contains(command, "hush") {
		t.Errorf("%s: the command is %s", doing, command)
	}
	for _, text := range []string{m.where, m.list.Shown(), m.waterfall.Query()} {
		if strings.Contains(text, "hush") {
			t.Errorf("%s: asked for %s", doing, text)
		}
	}
}

// keptQuiet fails where a secret is in the history or its file.
func keptQuiet(t *testing.T, m *model, doing string) {
	t.Helper()
	data, err := os.ReadFile(m.querying.history.path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if all := string(data) + strings.Join(m.querying.history.past, "\n"); strings.Contains(all, "hush") {
		t.Errorf("%s: the history has %q", doing, all)
	}
}

func typed(text string) []string { return strings.Split(text, "") }

func TestCompletionOffersNoSecret(t *testing.T) {
	for _, text := range []string{
		"user.password=", "auth.token=", "note=", "service=", "name=", "event.name=", "root.service=", "root.name=", "event.detail=", "span.note=", "user.password in (",
	} {
		for _, keys := range [][]string{{"/"}, {"enter", "/"}} {
			m := askingModel(t)
			press(t, m, keys...)
			press(t, m, typed(text)...)
			press(t, m, "tab")
			if text == "user.password=" && m.message != "the value is masked" {
				t.Errorf("tab behind a masked key says %q", m.message)
			}
			quiet(t, m, text+" tab")
			press(t, m, "enter")
			quiet(t, m, text+" tab enter")
		}
	}
}

func TestStatisticsNarrowToNoSecret(t *testing.T) {
	for by, want := range map[string]string{
		statistics.GroupOperation: statistics.MaskedValue, statistics.GroupService: statistics.MaskedValue, "user.password": statistics.MaskedValue, "note": statistics.MaskedValue,
	} {
		m := askingModel(t)
		m.groupBy(by)
		press(t, m, "s")
		refused := false
		for range 6 {
			press(t, m, "enter")
			refused = refused || strings.Contains(m.message, want)
			quiet(t, m, "statistics by "+by)
			if !m.onTab(views.ShowStatistics) {
				press(t, m, "s")
			}
			press(t, m, "j")
		}
		if !refused {
			t.Errorf("statistics by %s: nothing is refused", by)
		}
	}
}

func TestPaletteNarrowsToNoSecret(t *testing.T) {
	for _, text := range []string{"@shop", "#in?", "#out?"} {
		m := askingModel(t)
		press(t, m, ":")
		press(t, m, typed(text)...)
		quiet(t, m, "palette "+text)
		press(t, m, "enter")
		if !strings.Contains(m.message, statistics.MaskedValue) {
			t.Errorf("palette %s says %q", text, m.message)
		}
		quiet(t, m, "palette "+text+" enter")
	}
}

// TestTypedSecretsAreKeptNowhere types queries with secrets by hand: they are answered, and neither kept nor copied.
func TestTypedSecretsAreKeptNowhere(t *testing.T) {
	for _, text := range []string{
		"user.password=first-hush", `user.password in ("first-hush", x)`, "user.password~hush", `user.password=~"^h.*hush"`,
		`"password=n0te-hush"`, "first-hush", `note="password=n0te-hush"`, `{ span.user.password = "first-hush" }`,
		"parent(user.password=first-hush)", `{ } | { .user.password = "second-hush" } | count() > 0`,
	} {
		m := askingModel(t)
		press(t, m, "/")
		press(t, m, typed(text)...)
		press(t, m, "enter")
		if !strings.Contains(m.message, "not kept in the history") {
			t.Errorf("%s: it says %q", text, m.message)
		}
		if m.where != text {
			t.Errorf("%s is not asked, but %q", text, m.where)
		}
		keptQuiet(t, m, text)
		r := m.sharing.reopening()
		if command := r.Command() + r.Without(); strings.Contains(command, "hush") || !strings.Contains(command, "without the query") {
			t.Errorf("%s: the command is %s", text, command)
		}
		for _, c := range []views.Command{views.Share, views.CopyCommand} {
			if copied := sent(t, m.command(c)); copied == "" || strings.Contains(copied, "hush") {
				t.Errorf("%s: %s copies %q", text, c, copied)
			}
			if strings.Contains(m.message, "hush") || !strings.Contains(m.message, "without the query") {
				t.Errorf("%s: %s says %q", text, c, m.message)
			}
		}
		if words := m.comparing.splitWords(views.CompareGood); !m.secretWords(words) {
			t.Errorf("%s: %q is no secret in the words of diff", text, words)
		}
		m.reveal = true
		press(t, m, "/", "enter")
		if command := m.sharing.reopening().Command(); !strings.Contains(command, "hush") {
			t.Errorf("%s: revealed, the command is %s", text, command)
		}
		keptQuiet(t, m, text+", revealed")
	}
	m := askingModel(t)
	press(t, m, "/")
	press(t, m, typed("kind=server name~in")...)
	press(t, m, "enter")
	if data, err := os.ReadFile(m.querying.history.path); err != nil || string(data) != "kind=server name~in\n" {
		t.Errorf("a query without secrets is not kept: %q, %v", data, err)
	}
	m.querying.remembered(historyMsg{past: []string{"user.password=older-hush", "error=true"}})
	keptQuiet(t, m, "an older file")
}

// TestOrdinaryQueriesAreKept checks that what looks a little like a secret keeps no query out of the history.
func TestOrdinaryQueriesAreKept(t *testing.T) {
	m := askingModel(t)
	for _, text := range []string{
		"trace.id=4bf92f3577b34da6a3ce929d0e0e4736", "spanID=00f067aa0ba902b7", "http.status_code=503", "db.statement~select", `url.full=~"items/[0-9]+"`,
		`resource.k8s.pod.name=~"^pay-7f9c"`, "session.count>3", "llm.usage.total_tokens>100", `{ span.http.url = "https://shop.example.com/cart?id=7" }`,
		"user.id=u-77", "page_token=x", "has:auth.token", "service=token-service", "name~password", `{ } | by(user.password) | count() > 1`, "order.id=4111-88",
	} {
		if m.secretQuery(text) {
			t.Errorf("%s counts as a secret", text)
		}
	}
}
