package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// decode builds what encoding/json would, with the scanner.
func decode(s *Scanner) any {
	switch c := s.Next(); {
	case s.Object():
		m := map[string]any{}
		for key, ok := s.Key(); ok; key, ok = s.Key() {
			name := string(key)
			m[name] = decode(s)
		}
		return m
	case s.Array():
		list := []any{}
		for s.Element() {
			list = append(list, decode(s))
		}
		return list
	case c == '"':
		return string(AppendUnescaped(nil, s.Str().Raw))
	case c == 't' || c == 'f' || c == 'n':
		return map[byte]any{'t': true, 'f': false, 'n': nil, 0: nil}[s.Word()]
	default:
		return json.Number(s.Number())
	}
}

func decodeAll(data []byte) (any, error) {
	s := &Scanner{Data: data}
	v := decode(s)
	if s.Err == nil && !s.Ended() {
		s.Fail("the end")
	}
	if s.Err != nil {
		return nil, s.Err
	}
	return v, nil
}

func skipAll(data []byte) error {
	s := &Scanner{Data: data}
	s.Skip()
	if s.Err == nil && !s.Ended() {
		s.Fail("the end")
	}
	if s.Err != nil {
		return s.Err
	}
	return nil
}

// tolerated reports whether a document may hold what the scanner accepts beyond JSON.
func tolerated(data []byte) bool {
	return bytes.ContainsFunc(data, func(r rune) bool { return r < ' ' && r != '\n' }) ||
		bytes.Contains(data, []byte("NaN")) || bytes.Contains(data, []byte("Infinity"))
}

func checkAgainstStandard(t *testing.T, data []byte) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var want any
	wantErr := dec.Decode(&want)
	if wantErr == nil && !json.Valid(data) {
		wantErr = errors.New("more after the value")
	}
	if wantErr != nil && (tolerated(data) || strings.Contains(wantErr.Error(), "max depth")) {
		return
	}
	if err := skipAll(data); (err == nil) != (wantErr == nil) {
		t.Fatalf("skip %q: %v; encoding/json says %v", data, err, wantErr)
	}
	got, err := decodeAll(data)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("decode %q: %v; encoding/json says %v", data, err, wantErr)
	}
	if err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("decode %q:\n got %#v\nwant %#v", data, got, want)
	}
}

var documents = []string{
	`{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":{"intValue":"3"}}]},"scopeSpans":[]}]}`,
	` [ 1 , -0.5e+3,"a\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t", true ,false,null,{},[],{"":[[]]}] `,
	`{"long":"` + strings.Repeat("x", 100) + `\u0041` + strings.Repeat("é", 40) + `"}`,
	`"\ud800 lone \udc00\ud800\u0041"`,
	"\"\xff\xfe bad \xc3\"",
	`{"\u0061":1,"a b":2}`,
	`1234567890123456789012345678901234567890.5E-400`,
	`{"a":{"b":[{"c":[[[{"d":"e"}]]]}]},"f":0}`,
	`[1,]`, `{"a":1,}`, `{"a"}`, `{,}`, `[,1]`, `{"a":1 "b":2}`, `[1 2]`, `{1:2}`, `{]`, `[}`, `{"a":}`, `nul`, `tru`, `falsey`,
	`01`, `-`, `1.`, `.5`, `1e`, `+1`, `--1`, `0x1`, `"\x"`, `"\u12g4"`, "\"a\nb\"", `""""`, `{}{}`, ``, ` `, "\x00", `]`, `}`, `,`, `:`,
}

func TestScannerAgreesWithStandardLibrary(t *testing.T) {
	for _, doc := range documents {
		checkAgainstStandard(t, []byte(doc))
		for cut := range len(doc) {
			checkAgainstStandard(t, []byte(doc[:cut]))
		}
	}
}

func FuzzScanner(f *testing.F) {
	for _, doc := range documents {
		f.Add([]byte(doc))
	}
	f.Fuzz(checkAgainstStandard)
}

func TestScannerDepth(t *testing.T) {
	t.Parallel()
	for _, depth := range []int{63, 64, 65, 10_000, 1_000_000} {
		for _, pair := range [][2]string{{"[", "]"}, {`{"a":`, "}"}, {`[{"b":`, "}]"}} {
			doc := strings.Repeat(pair[0], depth) + "1" + strings.Repeat(pair[1], depth)
			if err := skipAll([]byte(doc)); err != nil {
				t.Errorf("depth %d of %q: %v", depth, pair[0], err)
			}
			if err := skipAll([]byte(doc[:len(doc)-1])); err == nil {
				t.Errorf("depth %d of %q without its end was accepted", depth, pair[0])
			}
			wrong := []byte(doc)
			at := len(doc) - 1 - depth/2*len(pair[1])
			wrong[at] = map[byte]byte{'}': ']', ']': '}'}[wrong[at]]
			if err := skipAll(wrong); err == nil {
				t.Errorf("depth %d of %q with a wrong bracket was accepted", depth, pair[0])
			}
		}
	}
}

func TestScannerTolerates(t *testing.T) {
	for doc, want := range map[string]any{
		"\"a\tb\x00c\"": "a\tb\x00c",
		"[NaN]":         []any{json.Number("NaN")},
		"-Infinity":     json.Number("-Infinity"),
		"Infinity":      json.Number("Infinity"),
	} {
		got, err := decodeAll([]byte(doc))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %#v, %v; want %#v", doc, got, err, want)
		}
	}
}

func TestScannerErrors(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{"{\"a\":1,\n \"b\" 2}", `line 2, column 6: expected a colon, found "2"`},
		{"[1,\n2\n", `line 3, column 1: expected a comma or ], found the end`},
		{"{\"a\":\"b\nc\"}", `line 1, column 8: expected a closing quote before the end of the line, found the end of the line`},
		{`{"a":"\q"}`, `line 1, column 8: expected an escape sequence, found "q"`},
		{`{"a":1,}`, `line 1, column 8: expected a value after the comma, found "}"`},
		{"[é]", `line 1, column 2: expected a value, found "é"`},
		{"[\x01]", `line 1, column 2: expected a value, found byte 0x01`},
	} {
		err := skipAll([]byte(c.doc))
		var fault *SyntaxError
		if !errors.As(err, &fault) {
			t.Errorf("%q: %v is no syntax error", c.doc, err)
			continue
		}
		got := fmt.Sprintf("%v: expected %s, found %s", PlaceOf([]byte(c.doc), fault.Off), fault.Expected, fault.Found)

		if got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.doc, got, c.want)
		}
	}
}
