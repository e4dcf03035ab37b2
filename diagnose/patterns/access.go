package patterns

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/semconv"
)

// Access is one read or write of one thing that others may read and write too: a row, a document, a cache entry, a
// resource behind a URL.
type Access struct {
	normalize.RowAccess
	Noun  string // "a row of stock", for a sentence
	Write bool
	Locks bool // it sets what must not be there yet, as locks are taken
}

// AccessOf reads what span i says of the one thing that it reads or writes, as far as values are visible. ok is false
// for everything else: several things, hidden values, writes that are atomic by themselves.
func AccessOf(f *facts.Facts, i int, c *semconv.Canonical) (a Access, ok bool) {
	switch f.Class(i) {
	case semconv.ClassSQL:
		f.Canonical(i, c)
		a.RowAccess, ok = normalize.ParseRow(c.Value(semconv.DBQuery).Text(), strings.ToLower(c.Text(semconv.DBSystem)))
		a.Write, a.Noun = f.Detail(i).Statement.Verb == "UPDATE", "a row of "+a.Table
		flags := f.Detail(i).Statement.Flags
		a.Guarded = a.Guarded || flags.Has(normalize.SQLForUpdate) || flags.Has(normalize.SQLVersioned)
	case semconv.ClassCache:
		f.Canonical(i, c)
		ok = a.entry(c.Value(semconv.DBQuery).Text())
	case semconv.ClassNoSQL:
		f.Canonical(i, c)
		ok = a.document(c.Value(semconv.DBQuery).Text())
	case semconv.ClassHTTP:
		ok = resourceOf(f, i, c, &a)
	default:
	}
	return a, ok
}

// entry reads a command of Redis: GET, HGET, SET and HSET of one key or field. A write with a time to live fills a
// cache; INCR and its like are atomic.
func (a *Access) entry(text string) bool {
	words := strings.Fields(text)
	if len(words) < 2 || strings.ContainsAny(text, "?*\n;") && strings.ContainsAny(words[1], "?*") {
		return false
	}
	verb, values := strings.ToUpper(words[0]), 2
	a.Table, a.Row = normalize.Key(words[1]), words[1]
	switch verb {
	case "HGET", "HSET":
		if len(words) < 3 || strings.ContainsAny(words[2], "?[") {
			return false
		}
		a.Row += " " + words[2]
		values = 3
	case "GET", "SET":
	default:
		return false
	}
	a.Noun = "the entry " + a.Table
	if verb[len(verb)-3] == 'S' {
		a.Write = true
		rest := strings.Join(words[min(values, len(words)):], " ")
		a.Locks = setIfAbsent.MatchString(rest)
		return rest != "" && (rest == oneMore || len(words) == values+1) || a.Locks
	}
	return len(words) == values
}

// oneMore is how Node's instrumentation writes a value that it leaves out.
const oneMore = "[1 other arguments]"

var setIfAbsent = regexp.MustCompile(`(?i)(^| )NX( |$)`)

// document reads a command of MongoDB as drivers log it: {"find":"stock","filter":{…}} or {"update":"stock",
// "updates":[{"q":{…},"u":{…}}]}. Hidden values are question marks.
func (a *Access) document(text string) bool {
	const most = 8 << 10 // bytes
	if len(text) > most || !strings.HasPrefix(text, "{") {
		return false
	}
	var command struct {
		Find, Update string
		Filter       json.RawMessage
		Updates      []struct {
			Q json.RawMessage
			U map[string]json.RawMessage
		}
	}
	if json.Unmarshal([]byte(text), &command) != nil {
		return false
	}
	filter := command.Filter
	switch {
	case command.Find != "":
		a.Table = command.Find
	case command.Update != "" && len(command.Updates) == 1:
		a.Table, a.Write, filter = command.Update, true, command.Updates[0].Q
		for operator := range command.Updates[0].U {
			a.Relative = a.Relative || strings.HasPrefix(operator, "$") && operator != "$set"
		}
	default:
		return false
	}
	var row bytes.Buffer
	if json.Compact(&row, filter) != nil || row.Len() <= len("{}") || bytes.Contains(row.Bytes(), []byte(`"?"`)) {
		return false
	}
	a.Row, a.Noun = row.String(), "a document of "+a.Table
	return true
}

// versioned are paths of APIs whose bodies say which version they mean to change: Kubernetes'.
var versioned = regexp.MustCompile(`/apis?/(v1|[a-z.]+/v\w+)/namespaces/`)

// resourceOf reads a GET, PUT or PATCH by a client.
func resourceOf(f *facts.Facts, i int, c *semconv.Canonical, a *Access) bool {
	op := f.Op(i)
	if f.Entry(i) || op.Name != "GET" && op.Name != "PUT" && op.Name != "PATCH" {
		return false
	}
	f.Canonical(i, c)
	text := asked(c)
	a.Write = op.Name != "GET"
	a.Guarded = c.Has(semconv.IfMatch) || versioned.MatchString(text)
	if text == "" || f.Detail(i).Redacted {
		return false
	}
	a.Table, _, _ = strings.Cut(op.Template, "?")
	a.Row, a.Noun = text, a.Table
	return true
}
