package patterns

import (
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/lex"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/semconv"
)

// pageKeys are the query parameters that say which page of a list is asked for.
var pageKeys = lex.Set("page page_number pagenumber pageno page_no page_token pagetoken next_token nexttoken continuation_token " +
	"continuationtoken offset skip cursor after before marker starting_after ending_before since_id max_id startat startindex start_index")

// Paged reports whether calls of one operation asked for page after page of one list: a statement with an order and an
// offset, or that goes on behind a key, or requests of which most name a page of their own.
//
//	SELECT id FROM a ORDER BY id LIMIT 100 OFFSET 300    paged
//	SELECT id FROM a WHERE id > 300 ORDER BY id LIMIT 100  paged
//	SELECT id FROM a WHERE id = 7 LIMIT 1                  not: it looks one thing up
func Paged(f *facts.Facts, spans []int) bool {
	if f.Class(spans[0]) != semconv.ClassHTTP {
		return f.Detail(spans[0]).Statement.Flags.Has(normalize.SQLPaged)
	}
	var c semconv.Canonical
	pages := map[string]bool{}
	for _, i := range spans {
		f.Canonical(i, &c)
		if page := pageOf(&c); page != "" {
			pages[page] = true
		}
	}
	return 2*len(pages) > len(spans)
}

// pageOf returns which page a request asked for, "" where it does not say.
func pageOf(c *semconv.Canonical) string {
	query := c.Value(semconv.URLQuery).Text()
	for _, full := range [...]semconv.Field{semconv.URLFull, semconv.URLPath} {
		if _, rest, ok := strings.Cut(c.Value(full).Text(), "?"); ok && query == "" {
			query = rest
		}
	}
	for pair := range strings.SplitSeq(query, "&") {
		if key, value, ok := strings.Cut(pair, "="); ok && pageKeys[strings.ToLower(key)] {
			return value
		}
	}
	return ""
}
