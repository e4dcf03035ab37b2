package normalize

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// settled learns paths and returns what each becomes.
func settled(paths []string) []string {
	r := &root{}
	for i, p := range paths {
		r.learn(ParseURL(p).tokens(p, nil), int64(i))
	}
	r.settle()
	out := make([]string, len(paths))
	for i, p := range paths {
		var h Params
		out[i] = r.apply(ParseURL(p).tokens(p, nil), &h)
	}
	return out
}

func TestPositions(t *testing.T) {
	many := func(form string, n int) []string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(form, string(rune('a'+i%26))+strings.Repeat("e", i/26)+"lpha")
		}
		return list
	}
	for _, c := range []struct {
		name        string
		paths, want []string
	}{
		{"several sorts of ids are one", []string{"/i/42", "/i/a8f3k2", "/i/507f1f77bcf86cd799439011/x"}, []string{"/i/{id}", "/i/{id}", "/i/{id}/x"}},
		{"one sort keeps its name", []string{"/i/42", "/i/43"}, []string{"/i/{int}", "/i/{int}"}},
		{"three that may be ids", []string{"/t/ab12", "/t/cd7", "/t/tenant-7"}, []string{"/t/{id}", "/t/{id}", "/t/{id}"}},
		{"two that may be ids are words", []string{"/t/ab12", "/t/cd7"}, []string{"/t/ab12", "/t/cd7"}},
		{"one that may be an id, as long as one that is", []string{"/t/a8f3k2", "/t/abcd12", "/t/search"}, []string{"/t/{id}", "/t/{id}", "/t/search"}},
		{"letters that are an id among ids", []string{"/p/OLJCESPC7Z", "/p/66VCHSJNUP", "/p/MARENTOLIS", "/p/categories", "/p/SEARCH"},
			[]string{"/p/{id}", "/p/{id}", "/p/{id}", "/p/categories", "/p/SEARCH"}},
		{"versions and regions are words", []string{"/api/v1", "/api/v2", "/api/v3", "/api/v4", "/r/us-east-1", "/r/us-west-2", "/r/eu-west-1"},
			[]string{"/api/v1", "/api/v2", "/api/v3", "/api/v4", "/r/us-east-1", "/r/us-west-2", "/r/eu-west-1"}},
		{"what is behind values that are one is one", []string{"/t/ab12/o/x1y", "/t/cd7/o/x2y", "/t/ef9/o/x3y"}, []string{"/t/{id}/o/{id}", "/t/{id}/o/{id}", "/t/{id}/o/{id}"}},
		{"few words stay", []string{"/api/users", "/api/orders", "/api/carts"}, []string{"/api/users", "/api/orders", "/api/carts"}},
		{"many words that occur once are values", many("/u/%s/posts", 12), slices.Repeat([]string{"/u/{var}/posts"}, 12)},
		{"many words that occur often are words", append(many("/u/%s", 12), many("/u/%s", 12)...), append(many("/u/%s", 12), many("/u/%s", 12)...)},
		{"the first segment is a word", many("/%s", 12), many("/%s", 12)},
	} {
		if got := settled(c.paths); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%q\nwant\n%q", c.name, got, c.want)
		}
		shuffled := slices.Clone(c.paths)
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
		after := settled(shuffled)
		for i, p := range shuffled {
			if want := c.want[slices.Index(c.paths, p)]; after[i] != want {
				t.Errorf("%s, in another order: %s becomes %s, want %s", c.name, p, after[i], want)
			}
		}
	}
}

// TestManyValuesAndLongPaths: what is not remembered becomes what the others do, and depth is no recursion.
func TestManyValuesAndLongPaths(t *testing.T) {
	paths := make([]string, 3*learnMost)
	for i := range paths {
		paths[i] = "/u/" + strings.Repeat("a", i/100+1) + string(rune('a'+i%100/26)) + string(rune('a'+i%26)) + "/x"
	}
	for i, got := range settled(paths) {
		if got != "/u/{var}/x" {
			t.Fatalf("%s becomes %s", paths[i], got)
		}
	}
	deep := strings.Repeat("/a", 200_000)
	if got := settled([]string{deep, deep + "/b"})[0]; got != deep {
		t.Errorf("a long path changed: %d bytes", len(got))
	}
}
