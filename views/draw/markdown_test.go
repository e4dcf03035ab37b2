package draw

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// markdownTexts are names as an export may hold them; each is to be read as it is written.
var markdownTexts = []string{
	`a\|b`, `a\`, `a\\`, "~~strike~~", "&lt;img src=x&gt;", "<img src=x onerror=1>", "&#60;script&#62;", "<!-- -->", "a & b &amp; c",
	"![x](http://e/x.png)", "[a](http://e)", "[a]: http://e", "**b**", "_i_", "__b__", "snake_case_name", "`c`", "``c``", "\\`x\\`",
	"| x | y |", "#1", "# heading", "1. x", "12) x", "> quote", "- item", "+ item", "=== ", "---", "$x$", "$$y$$", "a*b*c", "10 % of 3.5",
	"GET /users/{id}?q=a_b&c=*", "https://evil.example/x", "line\nfeed", "tab\there", "esc\x1b[31mred", "x  ", "  x", "ünïcode 日本 🎉", "[ ] task", "<a@b.c>",
}

// TestMarkdownIsReadAsWritten renders what is written with a real renderer, as a paragraph, as an item of a list and in a
// table, and reads the text back.
func TestMarkdownIsReadAsWritten(t *testing.T) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	tags := regexp.MustCompile(`<[^>]*>`)
	render := func(source string) (page, text string) {
		var b bytes.Buffer
		if err := md.Convert([]byte(source), &b); err != nil {
			t.Fatal(err)
		}
		page = b.String()
		return page, html.UnescapeString(tags.ReplaceAllString(page, ""))
	}
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	for _, text := range markdownTexts {
		want := words(Clean(text))
		for name, source := range map[string]string{
			"paragraph": MarkdownText(text) + "\n",
			"bold":      "**" + MarkdownText(text) + "** ends\n",
			"item":      "- " + MarkdownText(text) + "\n",
			"cell":      "| a | b |\n|---|---|\n| " + MarkdownText(text) + " | next |\n",
			"code":      "see " + MarkdownCode(text) + "\n",
			"block":     MarkdownBlock(text),
		} {
			page, got := render(source)
			got = words(got)
			switch name {
			case "cell":
				got = strings.TrimPrefix(strings.TrimSuffix(got, " next"), "a b ")
			case "bold":
				got = strings.TrimSuffix(got, " ends")
			case "code":
				got = strings.TrimPrefix(got, "see ")
			}
			if got != want {
				t.Errorf("%s %q is read as %q:\n%s%s", name, text, got, source, page)
			}
			for _, tag := range []string{"<img", "<script", "<h1", "<blockquote", "<del", "<em", "<ol"} {
				if strings.Contains(page, tag) {
					t.Errorf("%s %q starts markup: %s", name, text, page)
				}
			}
			if name != "bold" && strings.Contains(page, "<strong") || strings.Count(page, "<td") > 2 {
				t.Errorf("%s %q starts markup: %s", name, text, page)
			}
		}
	}
}
