package detail

import "strings"

// urlKey reports whether an attribute carries a URL, or a part of one with parameters.
func urlKey(key string) bool {
	switch key {
	case "url.full", "http.url", "http.target", "url.query", "url.path", "http.path":
		return true
	}
	return false
}

// looksLikeURL reports whether a text is a web address with parameters.
func looksLikeURL(text string) bool {
	return (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")) && strings.Contains(text, "?") && !strings.ContainsAny(text, " \n\t")
}

// layOutURL puts each parameter of a URL on a line of its own, where there are several. Of url.query there are only
// parameters.
func layOutURL(text string) string {
	path, query, found := strings.Cut(text, "?")
	if !found {
		path, query = "", text
	}
	if !strings.Contains(query, "&") {
		return text
	}
	var b strings.Builder
	b.WriteString(path)
	indent := ""
	if found {
		indent = "  "
		b.WriteString("\n" + indent + "?")
	}
	for {
		parameter, rest, more := strings.Cut(query, "&")
		b.WriteString(parameter)
		if !more {
			return b.String()
		}
		b.WriteString("\n" + indent + "&")
		query = rest
	}
}
