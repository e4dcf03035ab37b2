package live

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// ErrNoTrace is the error of a trace that a server does not know.
var ErrNoTrace = errors.New("no such trace")

// What a server refuses that can be asked in another way.
var (
	errDepth   = errors.New("the limit is above the server's own")          // half as many may be had
	errService = errors.New("the server searches within one service only")  // each service may be asked
	errNumber  = errors.New("the server cannot write an attribute's value") // NaN or infinite; half the window may be had
)

// refusal is why a question was refused.
type refusal uint8

const (
	refusedFilter refusal = iota // structured filters are disabled
	refusedTerm                  // an operator, a field or a level that the storage does not serve
	refusedSyntax                // the question is not understood
	refusedLength                // the question is too long
)

// refusedError is a question that the server refused and that can be put more simply.
type refusedError struct {
	kind  refusal
	what  string   // the server's words
	names []string // what a refusedTerm names, as ask.Options has it: an operator, a level or a field
}

func (e *refusedError) Error() string { return "refused: " + e.what }

// What a storage says that it does not serve. The field of a level comes before the level alone, which stands in it too.
var (
	refusedOperator = regexp.MustCompile(`operator "([^"]+)"`)
	refusedField    = regexp.MustCompile(`field "([^"]+)" of the "([^"]+)" level`)
	refusedLevel    = regexp.MustCompile(`the "([^"]+)" level`)
)

// refusedNames are the names in the words of a storage. An operator that is refused on one field
// counts as refused on all: the question becomes wider, and stays right.
func refusedNames(what string) []string {
	if m := refusedOperator.FindStringSubmatch(what); m != nil {
		return m[1:]
	}
	if m := refusedField.FindStringSubmatch(what); m != nil {
		return []string{m[2] + "." + m[1]}
	}
	if m := refusedLevel.FindStringSubmatch(what); m != nil {
		return m[1:]
	}
	return nil
}

// simpler is the error for a status and a text by which a question is refused that may be asked in another way; nil for
// others.
func simpler(status int, text string) error {
	switch {
	case status == http.StatusRequestHeaderFieldsTooLarge, status == http.StatusRequestURITooLong,
		status == http.StatusBadRequest && strings.Contains(text, "exceeds the configured maximum size"):
		return &refusedError{kind: refusedLength, what: text}
	case status != http.StatusBadRequest && status != http.StatusInternalServerError:
		return nil
	case strings.Contains(text, "search depth must be greater"), strings.Contains(text, "limit should be not higher"),
		strings.Contains(text, "exceeds max limit"):
		return fmt.Errorf("%w (%s)", errDepth, text)
	case strings.Contains(text, "service name must be set"), strings.Contains(text, "service name is required"),
		strings.Contains(text, "'service' is required"):
		return errService
	case strings.Contains(text, "json: unsupported value"):
		return errNumber
	case status != http.StatusBadRequest:
		return nil
	case strings.Contains(text, "structured query filter is disabled"):
		return &refusedError{kind: refusedFilter, what: text}
	case strings.Contains(text, "cannot serve this query filter"):
		_, what, _ := strings.Cut(text, "cannot serve this query filter: ")
		return &refusedError{kind: refusedTerm, what: what, names: refusedNames(what)}
	case strings.Contains(text, "invalid query filter"), strings.Contains(text, "malformed parameter query.filter"),
		strings.Contains(text, "malformed parameter query.attributes"), strings.Contains(text, "invalid TraceQL query"):
		return &refusedError{kind: refusedSyntax, what: text}
	}
	return nil
}
