package normalize

import "testing"

// FuzzTokens cuts any text as a URL and as a key: the tokens together are the text and what it becomes.
func FuzzTokens(f *testing.F) {
	for _, text := range []string{"", "/", "//a/b;x=1/%2f/%zz", "https://h.example/users/a8f3k2?x=1#y", "user:42:{cart}.items-7", "a\xff/é/4bf92f35-77b3-4da6-a3ce-929d0e0e4736-x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, as := ParseURL(text), ""
		tokens := u.tokens(text, nil)
		for _, token := range tokens {
			as += token.as
		}
		if as != u.Path {
			t.Fatalf("%q: the tokens are %q, the path %q", text, as, u.Path)
		}
		raw := ""
		as = ""
		keyTokens(text, func(r, a string) { raw, as = raw+r, as+a })
		if raw != text || as != Key(text) {
			t.Fatalf("%q: the tokens are %q and %q", text, raw, as)
		}
		r := &root{}
		r.learn(tokens, 1)
		r.learn(tokens, 1)
		r.settle()
		var h Params
		if got := r.apply(tokens, &h); got != u.Path {
			t.Fatalf("%q: alone it becomes %q, not %q", text, got, u.Path)
		}
		Name(text)
		ParseSQL(text, "")
	})
}
