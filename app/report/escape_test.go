package report

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestUnseenIsEscaped(t *testing.T) {
	const text = "a\x7f\u009b31m\u202eevil\u200b\U000e0041 é 語 😀\ufeff"
	document, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]io.Reader{
		"whole": strings.NewReader(string(document)), "by the byte": iotest.OneByteReader(strings.NewReader(string(document))),
	} {
		var out strings.Builder
		if _, err := io.CopyBuffer(&Escaper{W: &out}, bufio.NewReaderSize(in, 16), make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if want := `"a\u007f\u009b31m\u202eevil\u200b\udb40\udc41 é 語 😀\ufeff"`; out.String() != want {
			t.Errorf("%s: %s, want %s", name, out.String(), want)
		}
		var back string
		if err := json.Unmarshal([]byte(out.String()), &back); err != nil || back != text {
			t.Errorf("%s: it reads as %q, %v", name, back, err)
		}
	}
}
