package app

import (
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/apptest"
	"tracefall/app/session"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
)

// hushed are two traces in which every secret ends in "hush".
const hushed = `
	trace 1
	api "POST /pay?token=n4me-hush" 0ms +900ms kind=server url.full="https://ada:us3r-hush@shop.io/pay?access_token=qu3ry-hush" error="refused, password: st4tus-hush" resource.app.api_key=r3source-hush
	  event "login token=ev3nt-hush" 100ms exception.message="refused: password=exc3ption-hush"
	  api UPDATE 10ms +100ms kind=client db.system=postgresql db.statement="UPDATE a SET password = 'up03te-hush' WHERE id = 1"
	  api "AUTH" 120ms +100ms kind=client db.system=redis db.statement="AUTH r3dis-hush"
	  api "load?token=n5me-hush" 230ms +100ms repeat=3 kind=internal auth.token=t0ken-hush
	trace 2
	api "POST /pay?token=n4me-hush" 5s +300ms kind=server url.full="https://ada:us3r2-hush@shop.io/pay?access_token=qu3ry2-hush" resource.app.api_key=r3source2-hush
	  api UPDATE 5010ms +10ms kind=client db.system=postgresql db.statement="UPDATE a SET password = 'up03te2-hush' WHERE id = 1"
	  api "load?token=n5me-hush" 5030ms +10ms kind=internal auth.token=t0ken2-hush
`

// hushedNames are the same with secrets in what is rarely looked at: names of services and scopes, keys of attributes,
// events, links and resources, an instance, a host, a peer.
const hushedNames = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"api?token=s3rvice-hush"}},{"key":"x?password=r3skey-hush","value":{"stringValue":"1"}},
{"key":"host.name","value":{"stringValue":"h password=h0st-hush"}},{"key":"service.instance.id","value":{"stringValue":"i password=inst4nce-hush"}},{"key":"service.version","value":{"stringValue":"v password=v3rsion-hush"}}]},
"scopeSpans":[{"scope":{"name":"lib password=sc0pe-hush","version":"v password=sc0pev3r-hush","attributes":[{"key":"scope.secret","value":{"stringValue":"sc0pe2-hush"}}]},"spans":[
{"traceId":"1","spanId":"1","name":"POST /pay?password=n4me-hush","kind":2,"startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131900000000","status":{"code":2,"message":"failed, password=st4tus-hush"},
"attributes":[{"key":"form.password=k3y-hush","value":{"stringValue":"1"}},{"key":"peer.service","value":{"stringValue":"p password=p33r-hush"}}],
"events":[{"name":"e password=ev3nt-hush","timeUnixNano":"1772460131100000000","attributes":[{"key":"e.password=ev3ntkey-hush","value":{"stringValue":"1"}}]}],
"links":[{"traceId":"2","spanId":"1","attributes":[{"key":"l.password=l1nkkey-hush","value":{"stringValue":"1"}}]}]},
{"traceId":"1","spanId":"2","parentSpanId":"1","name":"call password=c4ll-hush","kind":3,"startTimeUnixNano":"1772460131010000000","endTimeUnixNano":"1772460131700000000",
"attributes":[{"key":"server.address","value":{"stringValue":"h?password=addr3ss-hush"}},{"key":"http.route","value":{"stringValue":"/r/password=r0ute-hush"}},{"key":"http.request.method","value":{"stringValue":"GET"}}]}]}]},
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"api?token=s3rvice-hush"}}]},"scopeSpans":[{"scope":{"name":"lib password=sc0pe2-hush"},"spans":[
{"traceId":"2","spanId":"1","name":"POST /pay?password=n4me-hush","kind":2,"startTimeUnixNano":"1772460132000000000","endTimeUnixNano":"1772460132200000000","attributes":[{"key":"form.password=k4y-hush","value":{"stringValue":"2"}}]},
{"traceId":"2","spanId":"2","parentSpanId":"1","name":"call password=c4ll-hush","kind":3,"startTimeUnixNano":"1772460132010000000","endTimeUnixNano":"1772460132100000000",
"attributes":[{"key":"server.address","value":{"stringValue":"h?password=addr3ss-hush"}},{"key":"http.request.method","value":{"stringValue":"GET"}}]}]}]}]}`

var sentPattern = regexp.MustCompile(`52;c;([A-Za-z0-9+/=]+)`)

// sent returns what a command puts into the terminal's clipboard.
func sent(t *testing.T, cmd tea.Cmd) string {
	t.Helper()
	if cmd == nil {
		return ""
	}
	found := sentPattern.FindStringSubmatch(fmt.Sprint(cmd()))
	if found == nil {
		return ""
	}
	text, err := base64.StdEncoding.DecodeString(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestHeadsSayWhatIsMasked: a head says that secrets are masked where what it is about holds some, as soon as that is known.
func TestHeadsSayWhatIsMasked(t *testing.T) {
	const plain = `
	trace 3
	shop "GET /cart" 9s +3s kind=server
	  shop "load" 9100ms +100ms kind=internal customer=ada@shop.io
	trace 4
	shop "GET /cart" 20s +1s kind=server
`
	mixed := tracetest.Set(t, hushed+plain)
	says := func(m *model, want bool) {
		t.Helper()
		screen := screenText(m)
		if line, _, _ := strings.Cut(screen, "\n"); strings.Contains(line, " masked ") != want {
			t.Errorf("want %v that the head says it:\n%s", want, screen)
		}
	}
	for _, of := range []struct {
		set  *trace.Set
		want bool
	}{{mixed, true}, {tracetest.Set(t, plain), false}} {
		m := testModel(t, of.set)
		says(m, false) // the detectors are not through
		settle(m, m.diagnosis.start(of.set))
		says(m, of.want)
		m.toggleReveal()
		says(m, false)
	}
	m := hushedModel(t, mixed)
	for i, want := range []bool{true, true, false, false} {
		m.do(views.OpenTrace{Trace: mixed.Trace(i), Span: -1})
		says(m, want)
	}
	for _, pair := range []struct {
		good, bad int
		want      bool
	}{{0, 1, true}, {1, 2, true}, {2, 1, true}, {3, 2, false}} {
		settle(m, m.do(views.CompareTraces{Good: mixed.Trace(pair.good), Bad: mixed.Trace(pair.bad)}))
		says(m, pair.want)
		press(t, m, "4")
		says(m, pair.want)
		press(t, m, "1")
	}
}

// TestSecretsStayMasked draws every screen with every row under the cursor, and copies and shares from each: nothing
// that is a secret is in it, until it is revealed.
func TestSecretsStayMasked(t *testing.T) { staysMasked(t, tracetest.Set(t, hushed)) }

// TestSecretsInNamesStayMasked is the same for names of services and scopes and for keys.
func TestSecretsInNamesStayMasked(t *testing.T) { staysMasked(t, apptest.Read(t, hushedNames)) }

func staysMasked(t *testing.T, set *trace.Set) {
	t.Helper()
	screens := map[string][]string{
		"list": nil, "waterfall": {"enter"}, "grouped": {"enter", "o"}, "detail": {"enter", "enter"}, "findings": {"a"}, "findings of a trace": {"enter", "a"},
		"statistics": {"enter", "s"}, "statistics by operation": {"enter", "s", "l"}, "statistics by the next": {"enter", "s", "l", "l"},
		"diagnostics": {"D"}, "palette": {":"}, "palette in a trace": {"enter", ":"}, "query": {"/", "t"}, "compare": {"j", "m", "k", "=", "i"},
		"one tree": {"j", "m", "k", "=", "i", "v"}, "flame": {"2"}, "flame of a trace": {"enter", "2"}, "flame of a comparison": {"j", "m", "k", "=", "2"},
		"map": {"4"}, "map of a trace": {"enter", "4"}, "map as a list": {"4", "L"}, "map of a comparison": {"j", "m", "k", "=", "4"},
		"incidents": {"B"}, "palette of attributes": {"5", "C"}, "palette of groups": {"3", "/"}, "statistics by an attribute": {"3", "/", "enter"}, "spans with an attribute": {"5", "C", "enter"}, "spans": {"5"}, "spans of a trace": {"enter", "5"},
	}
	names := make([]string, 0, len(screens))
	for name := range screens {
		names = append(names, name)
	}
	slices.Sort(names)
	copied := 0
	for _, name := range names {
		m := hushedModel(t, set)
		press(t, m, screens[name]...)
		tab := m.tabNamed(strings.Fields(name)[0])
		if name == "incidents" {
			tab = views.ShowStory
		}
		if tab != "" && !m.onTab(tab) {
			t.Fatalf("%s is not on the screen:\n%s", name, screenText(m))
		}
		for row := range 40 {
			if frame := screenText(m) + m.title(); strings.Contains(frame, "hush") {
				t.Fatalf("%s, row %d:\n%s", name, row, frame)
			}
			for _, c := range []views.Command{views.CopyLine, views.CopyValue, views.CopyTrace, views.Share} {
				if m.can(c) != "" || strings.HasPrefix(name, "palette") || name == "query" {
					continue
				}
				text := sent(t, m.command(c))
				if copied += len(text); strings.Contains(text, "hush") {
					t.Fatalf("%s, row %d, %s copies %q", name, row, c, text)
				}
			}
			if name == "query" {
				break
			}
			key := "j"
			if strings.HasPrefix(name, "palette") {
				key = "down"
			}
			_, cmd := m.Update(keyOf(key))
			settle(m, cmd)
		}
	}
	if copied == 0 {
		t.Error("nothing was copied")
	}
	m := hushedModel(t, set)
	press(t, m, "enter", "enter", "V")
	if frame := screenText(m); !strings.Contains(frame, "hush") {
		t.Errorf("revealed, the detail shows no secret:\n%s", frame)
	}
}

func hushedModel(t *testing.T, set *trace.Set) *model {
	t.Helper()
	load := func(context.Context, *session.Incident) (*trace.Set, error) { return set, nil }
	m := storiesOver(t, set, load, incident("slow", "no-such"), incident("failing", "error-origin"))
	m.restack(listScreen)
	m.Update(tea.WindowSizeMsg{Width: 240, Height: 70})
	return m
}

func keyOf(name string) tea.KeyPressMsg {
	if name == "down" {
		return tea.KeyPressMsg{Code: tea.KeyDown}
	}
	return tea.KeyPressMsg{Text: name, Code: []rune(name)[0]}
}
