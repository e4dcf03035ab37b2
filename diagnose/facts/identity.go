package facts

import "strings"

// Identity returns a hash of everything that the call of span i asked for, as far as its class can show it. Two
// calls of one operation with one identity were the same call. ok is false where values are hidden or cut off:
// placeholders, masked segments, RPC arguments.
func Identity(f *Facts, i int) (hash uint64, ok bool) {
	d := f.Detail(i)
	if d.Coarse || d.Redacted {
		return 0, false
	}
	switch f.Class(i) {
	case ClassSQL:
		if d.Statement.Flags&(SQLPlaceholder|SQLTruncated) != 0 {
			return 0, false
		}
		return f.Params(i), true
	case ClassCache, ClassNoSQL, ClassHTTP:
		var c Canonical
		f.Canonical(i, &c)
		text := c.Value(DBQuery).Text()
		if f.Class(i) == ClassHTTP {
			text = c.Value(URLFull).Text()
			if text == "" && c.Has(URLPath) {
				text = c.Text(URLPath) + "?" + c.Text(URLQuery)
			}
		} else if strings.Contains(text, "?") {
			return 0, false
		}
		h := paramHash{}
		h.add(text)
		return h.sum, text != "" && !strings.HasSuffix(text, "...")
	}
	return 0, false
}

// Hides reports whether some of the values that span i's operation was called with are not visible although others may
// be: "WHERE id = ? LIMIT 21" shows the limit only.
func Hides(f *Facts, i int) bool {
	d := f.Detail(i)
	return d.Redacted || d.Statement.Flags&(SQLPlaceholder|SQLTruncated) != 0
}
