package compare_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
)

// idTrace makes a request that makes 13 calls, one for each of 13 ids.
func idTrace(t testing.TB, b *trace.Builder, id uint64, kind *idKind, at *place, r *rand.Rand, from int) {
	t.Helper()
	idTraceOf(t, b, id, kind, at, r, from, 13)
}

// idTraceOf makes a request that makes n calls, from the id with a number on.
func idTraceOf(t testing.TB, b *trace.Builder, id uint64, kind *idKind, at *place, r *rand.Rand, from, n int) {
	t.Helper()
	const each = int64(12_000_000)
	spans := []comparetest.Span{{Parent: -1, Service: "web", Name: "GET /list", Kind: trace.KindServer, End: int64(n)*each + each, Attrs: attrs("http.route", "/list")}}
	names := []string{"http.route"}
	seen := map[string]bool{"http.route": true}
	ids := map[string]bool{}
	for i := from; len(spans) <= n; i++ {
		text := kind.make(r, i)
		if ids[text] {
			continue
		}
		ids[text] = true
		name, of := at.span(text)
		start := int64(len(spans))*each - each/2
		kindOf := trace.KindClient
		if of["messaging.system"] != "" {
			kindOf = trace.KindProducer
		}
		spans = append(spans, comparetest.Span{Service: "web", Name: name, Kind: kindOf, Start: start, End: start + each*5/6, Attrs: of})
		for k := range of {
			if !seen[k] {
				seen[k], names = true, append(names, k)
			}
		}
	}
	comparetest.Build(t, b, id, spans, names...)
}

func seedOf(parts ...string) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, parts)
	return rand.New(rand.NewPCG(h.Sum64(), 9))
}

func idSet(t testing.TB, kind *idKind, at *place, round string, traces int) *trace.Set {
	b := trace.NewBuilder()
	b.Input("ids")
	r := seedOf(kind.name, at.name, round)
	for n := range traces {
		idTrace(t, b, uint64(n+1), kind, at, r, n*17)
	}
	return b.Build()
}

// loops counts the N+1 findings of 13 calls.
func loops(t testing.TB, set *trace.Set) int {
	report, err := diagnose.Run(context.Background(), set, diagnose.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i := range report.Findings {
		if f := &report.Findings[i]; f.Detector == "n-plus-one" && strings.HasPrefix(f.Title, "N+1 ×13") {
			n++
		}
	}
	return n
}

// TestIDsOfEveryKindInEveryPlace: 13 calls that differ only in an id are a loop, and two traces of them match. Some ids of
// a few letters and dashes cannot be told from words by anything; so few must stay.
func TestIDsOfEveryKindInEveryPlace(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	const rounds = 6
	found, matched, tried := 0, 0, 0
	for i := range idPlaces {
		at := &idPlaces[i]
		for k := range idKinds {
			kind := &idKinds[k]
			if at.name == "queue" && (kind.words || kind.name == "e-mail") {
				continue // every queue has work of its own, however many there are
			}
			loop, same, apart := 0, 0, ""
			for round := range rounds {
				name := fmt.Sprint(round)
				if at.name == "queue" || loops(t, idSet(t, kind, at, name, 1)) == 1 {
					loop++
				}
				set := idSet(t, kind, at, name, 2)
				list := factstest.Of(set)
				if c := compare.Pair(list[0], list[1]); c.Trust.MatchedShare == 1 {
					same++
				} else {
					apart = labelsOf(set)
				}
			}
			if 2*loop < rounds || 3*same < rounds {
				t.Errorf("%s, %s: found %d of %d, matched %d of %d; operations of traces that do not match: %s", at.name, kind.name, loop, rounds, same, rounds, apart)
			}
			found, matched, tried = found+loop, matched+same, tried+rounds
		}
	}
	t.Logf("%d loops and %d pairs of %d", found, matched, tried)
	if 100*found < 99*tried || 100*matched < 98*tried {
		t.Errorf("%d loops were found and %d pairs matched of %d, want 99 and 98 of 100", found, matched, tried)
	}
}

// labelsOf lists the operations of the calls of the first trace, each once.
func labelsOf(set *trace.Set) string {
	f := factstest.Of(set)[0]
	var labels []string
	for i := 1; i < f.Trace.Len(); i++ {
		if label := f.Op(i).Label(); !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return strings.Join(labels, " | ")
}

// TestNamesAreNoIDs: what people have named stays apart although it stands beside others, and asking for each once is no
// loop.
func TestNamesAreNoIDs(t *testing.T) {
	endpoints := "users orders carts products reviews payments invoices shipments coupons categories brands wishlists notifications"
	for _, c := range []struct{ name, place, words string }{
		{"few resources", "http://shop/api/%s", "users orders carts"},
		{"endpoints of one service", "http://shop/api/%s", endpoints},
		{"endpoints in the singular", "http://shop/api/%s", "user order cart product review payment invoice shipment coupon category brand wishlist notification"},
		{"endpoints behind a version", "http://shop/v2/%s", "user order cart product review payment invoice shipment coupon category brand wishlist notification"},
		{"endpoints behind a word", "http://shop/catalog/%s", endpoints},
		{"endpoints at the top", "http://shop/%s", "user order cart product review payment invoice shipment coupon category brand wishlist notification"},
		{"endpoints with something behind", "http://shop/api/%s/count", endpoints},
		{"versions", "http://shop/%s/users", "v1 v2 v3 v4 v5 v6 v7 v8 v9 v10 v11 v12 v13"},
		{"locales", "http://shop/i18n/%s/messages", "en-GB en-US de-DE"},
		{"regions", "http://shop/regions/%s", "us-east-1 us-west-2 eu-west-1 ap-southeast-2 eu-central-1 eu-north-1"},
		{"states", "http://shop/orders/status/%s", "open closed pending"},
		{"namespaces of a cache", "GET user:%s", "profile settings cart"},
		{"namespaces with ids", "GET app:%s:42", "profiles settings carts sessions tokens flags prices stocks orders reviews coupons rates menus"},
		{"commands", "%s key", "GET SET DEL INCR EXPIRE TTL EXISTS HGET HSET LPUSH RPUSH SADD ZADD"},
		{"tables", "SELECT * FROM %s", endpoints},
		{"queues", "amqp %s", "orders.created orders.paid orders.shipped orders.cancelled orders.returned orders.refunded users.created users.deleted mails.sent mails.bounced carts.left carts.bought prices.changed"},
		{"queues in the singular", "amqp order.%s", "created paid shipped cancelled returned refunded packed delivered lost found split joined rated"},
		{"names of endpoints", "name GET /api/%s", endpoints},
		{"names of methods", "name Repository.find(%s)", "String int long"},
		{"names of functions", "name load%s", "User Order Cart Product Review Payment Invoice Shipment Coupon Category Brand Wishlist Notification"},
		{"GraphQL operations", "name query %s", "User Order Cart Product Review Payment Invoice Shipment Coupon Category Brand Wishlist Notification"},
	} {
		words := strings.Fields(c.words)
		at := place{c.place, func(id string) (string, map[string]string) { return wordCall(c.place, id) }}
		kind := idKind{name: c.name, make: func(_ *rand.Rand, n int) string { return words[n%len(words)] }}
		b := trace.NewBuilder()
		b.Input("names")
		idTraceOf(t, b, 1, &kind, &at, seedOf(c.name), 0, len(words))
		idTraceOf(t, b, 2, &kind, &at, seedOf(c.name), 0, len(words))
		set := b.Build()
		labels := strings.Split(labelsOf(set), " | ")
		if len(labels) != len(words) {
			t.Errorf("%s: %d operations of %d: %s", c.name, len(labels), len(words), labels)
		}
		report, err := diagnose.Run(context.Background(), set, diagnose.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range report.Findings {
			if f := &report.Findings[i]; f.Detector == "n-plus-one" {
				t.Errorf("%s: %s: %s", c.name, f.Title, f.Message)
			}
		}
	}
}

// wordCall makes a call whose statement, URL or name has a word in it.
func wordCall(text, word string) (string, map[string]string) {
	text = strings.Replace(text, "%s", word, 1)
	first, rest, _ := strings.Cut(text, " ")
	switch {
	case strings.HasPrefix(text, "http:"):
		return "GET", attrs("http.method", "GET", "http.url", text)
	case first == "SELECT":
		return "SELECT", attrs("db.system", "mysql", "db.statement", text)
	case first == "amqp":
		return "publish", attrs("messaging.system", "rabbitmq", "messaging.destination.name", rest, "messaging.operation.type", "publish")
	case first == "name":
		return rest, attrs()
	}
	return first, attrs("db.system", "redis", "db.statement", text)
}
