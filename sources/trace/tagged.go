package trace

import (
	"encoding/json"
	"strings"
)

// WarningsKey is the attribute by which Jaeger's api_v3 keeps what its storage or its adjusters had to say about a
// span. It is no attribute of the span.
const WarningsKey = "@jaeger@warnings"

// Failure reports whether the value of an attribute "error" says that its span failed: true, a number that is not zero,
// or a message (FailureText).
func (v Value) Failure() bool {
	switch v.Type() {
	case TypeBool:
		return v.Bool()
	case TypeInt:
		return v.Int() != 0
	case TypeFloat:
		return v.Float() != 0
	case TypeString:
		return FailureText(v.Text())
	case TypeJSON:
		text := v.Text()
		return text != "null" && text != "[]" && text != "{}"
	case TypeBytes, TypeNone:
	}
	return false
}

// longestNoFailure is the length in bytes of the longest text that noFailure knows.
const longestNoFailure = 20

// FailureText reports whether the text of an attribute "error" says that its span failed: every text does but those by
// which programs and storages say that there is none. VictoriaTraces writes "unset" on each span without a status and
// "-" for an empty text; the others are what languages make of false, of nothing, and of an error number of zero.
func FailureText(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) > longestNoFailure || !noFailure[strings.ToLower(text)]
}

var noFailure = map[string]bool{
	"": true, "-": true, "0": true, "false": true, "no": true, "off": true, "n/a": true,
	"none": true, "null": true, "nil": true, "<nil>": true, "undefined": true, "[]": true, "{}": true, `""`: true,
	"unset": true, "ok": true, "success": true, "status_code_unset": true, "status_code_ok": true, "statuscode.unset": true,
	"statuscode.ok": true, "no error": true,
}

// warningTexts takes warnings apart: a list of them, as Jaeger writes it, or one text.
func warningTexts(v Value) []string {
	text := v.Text()
	if v.Type() == TypeJSON || v.Type() == TypeString && strings.HasPrefix(text, "[") {
		var list []any
		if json.Unmarshal([]byte(text), &list) == nil {
			return listTexts(list)
		}
	}
	if v.Type() != TypeString && v.Type() != TypeJSON {
		text = v.String()
	}
	if text == "" || text == "null" {
		return nil
	}
	return []string{text}
}

func listTexts(list []any) []string {
	var texts []string
	for _, element := range list {
		text, ok := element.(string)
		if !ok && element != nil {
			raw, err := json.Marshal(element)
			if err != nil {
				continue
			}
			text = string(raw)
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}
