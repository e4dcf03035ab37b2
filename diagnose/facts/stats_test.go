package facts_test

import (
	"iter"
	"slices"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/secrets"
	"tracefall/sources/tracetest"
)

func whole(all []*facts.Facts) iter.Seq[facts.Portion] {
	return func(yield func(facts.Portion) bool) {
		for _, f := range all {
			if !yield(facts.Portion{Facts: f}) {
				return
			}
		}
	}
}

func TestStats(t *testing.T) {
	all := factstest.Of(tracetest.Set(t, `
trace 1
web "GET /a" 0ms +100ms kind=server http.request.method=GET http.route=/a resource.zone=eu
  db "SELECT" 10ms +60ms kind=client db.system=postgresql db.statement="SELECT 7 FROM a" shard=1
  db "SELECT" 20ms +30ms kind=client db.system=postgresql db.statement="SELECT 8 FROM a" shard=2 error=lost
trace 2
web "GET /a" 0ms +50ms kind=server http.request.method=GET http.route=/a resource.zone=eu password=hunter2
web "GET /b" 60ms +10ms kind=server http.request.method=GET http.route=/b password=hunter3
`))
	ms := func(n int64) int64 { return n * 1_000_000 }
	check := func(name string, got []facts.Stat, want []facts.Stat) {
		t.Helper()
		for n := range got {
			got[n].Trace, got[n].Longest = nil, 0
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
		}
	}
	web := facts.Stat{Key: "web", Count: 3, Total: ms(160), Self: ms(100), Critical: ms(100), P50: ms(50), P95: ms(100), P99: ms(100), Max: ms(100)}
	db := facts.Stat{Key: "db", Count: 2, Errors: 1, Total: ms(90), Self: ms(90), Critical: ms(60), P50: ms(30), P95: ms(60), P99: ms(60), Max: ms(60)}
	check("services", facts.Stats(whole(all), facts.ByService()), []facts.Stat{web, db})

	one := func(key string, d, critical int64) facts.Stat {
		return facts.Stat{Key: key, Count: 1, Total: ms(d), Self: ms(d), Critical: ms(critical), P50: ms(d), P95: ms(d), P99: ms(d), Max: ms(d)}
	}
	failed := one("2", 30, 0)
	failed.Errors = 1
	none := web
	none.Key, none.Missing = "", true
	check("shards", facts.Stats(whole(all), facts.ByAttribute("shard")), []facts.Stat{one("1", 60, 60), failed, none})

	failed.Key = "db SELECT ? FROM a"
	some := slices.Values([]facts.Portion{{all[0], []int32{2}}, {all[1], []int32{}}})
	check("failed operations", facts.Stats(some, facts.ByOperation()), []facts.Stat{failed})

	for _, s := range facts.Stats(whole(all), facts.ByAttribute("password")) {
		if s.Key != "" && (s.Key != secrets.MaskText || s.Count != 2) {
			t.Errorf("passwords: %+v", s)
		}
	}
	if zones := facts.Stats(whole(all), facts.ByAttribute("zone")); len(zones) != 2 || zones[0].Key != "eu" || zones[0].Count != 2 {
		t.Errorf("zones: %+v", zones)
	}
	longest := facts.Stats(whole(all), facts.ByName())[0]
	if longest.Trace != all[0].Trace || longest.Longest != 0 || longest.Key != "web GET /a" {
		t.Errorf("longest: %+v", longest)
	}
}

// TestStatsByEdge counts the calls between services: by the caller's span, by the peer it names, and where nothing
// marks a call, by the span that it became.
func TestStatsByEdge(t *testing.T) {
	all := factstest.Of(tracetest.Set(t, `
gateway "GET /a" 0ms +100ms http.method=GET http.target=/a peer.address=10.0.0.9:51234
  gateway "GET" 10ms +60ms kind=client http.request.method=GET url.full=http://cart/a
    cart "GET /a" 20ms +40ms kind=server
      cart "GET" 22ms +2ms kind=client db.system=redis server.address=cache server.port=6379 error=lost
      cart work 30ms +5ms
  gateway "GET" 75ms +10ms kind=client http.request.method=GET url.full=http://cart/a
    cart "GET /a" 76ms +9ms kind=server
  billing charge 90ms +5ms
`))
	got := map[string]facts.Stat{}
	for _, s := range facts.Stats(whole(all), facts.ByEdge()) {
		got[s.Key] = s
	}
	const ms = 1_000_000
	for key, want := range map[string]struct {
		count, errors int
		self          int64 // between the two
	}{
		"gateway → cart": {2, 0, 21 * ms}, "cart → cache:6379": {1, 1, 2 * ms}, "gateway → billing": {1, 0, 5 * ms}, "": {4, 0, 100*ms - 75*ms + 40*ms - 7*ms + 5*ms + 9*ms},
	} {
		if s := got[key]; s.Count != want.count || s.Errors != want.errors || s.Self != want.self {
			t.Errorf("%q: %d calls, %d failed, %d ns between; want %+v", key, s.Count, s.Errors, s.Self, want)
		}
	}
	if len(got) != 4 {
		t.Errorf("groups: %v", got)
	}
}
