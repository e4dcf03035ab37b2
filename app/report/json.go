package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"

	"tracefall/sources/trace"
)

// schemaVersion is the version of every JSON document that is printed. Fields are added within a version, never
// renamed or removed.
const schemaVersion = 1

// json prints one document on one line. What a terminal would obey is escaped in it.
func (p *Printer) json(document any) error {
	return encoder(&Escaper{W: p.World.Stdout}).Encode(document)
}

// encoder returns one that writes no escapes for HTML.
func encoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// listOf makes the items of a list, which JSON shows as [] where there are none.
func listOf[T, U any](all []T, item func(T) U) []U {
	list := make([]U, 0, len(all))
	for _, one := range all {
		list = append(list, item(one))
	}
	return list
}

// listed is a list that JSON shows as [] where it is empty.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// object is a JSON object whose fields keep their order.
type object []field

type field struct {
	name  string
	value any
}

// MarshalJSON writes the object.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := encoder(&b)
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := errors.Join(e.Encode(f.name), b.WriteByte(':'), e.Encode(f.value)); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// rounded keeps six decimals of a share: more are noise of the arithmetic. What is no number becomes 0.
func rounded(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return math.Round(x*1e6) / 1e6
}

// nanos writes a time as OTLP does: a string, for readers whose numbers are floating-point.
func nanos(t int64) string { return strconv.FormatInt(t, 10) }

// noticeJSON is a notice as all commands print it.
type noticeJSON struct {
	Kind    trace.NoticeKind `json:"kind"`
	Input   string           `json:"input"`
	Count   int              `json:"count"`
	Message string           `json:"message"`
}

func noticesJSON(notices []trace.Notice) []noticeJSON {
	return listOf(notices, func(n trace.Notice) noticeJSON { return noticeJSON{n.Kind, n.Input, n.Count, n.Message} })
}
