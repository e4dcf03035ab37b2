package flatjson

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/jsonscan"
)

// Spans in tables, of which the head names the columns, are turned into an object a line and read as that:
//
//	trace_id,span_id,name,…                       CSV, with commas, semicolons or tabs
//	{"columns":[{"name":"trace_id"},…],"rows":[[…],…]}
//	{"schema":{"fields":[{"name":"traceID"},…]},"data":{"values":[[…],…]}}       a list for each column

// tableMost is how large a table may be in bytes: it is in memory as a whole.
const tableMost = 1 << 30

// isFlatCSV recognises CSV whose head names a trace id and a span id.
func isFlatCSV(data []byte) bool {
	data = data[csvStart(data):]
	head, _, _ := bytes.Cut(data[:min(len(data), 64<<10)], []byte("\n"))
	if len(head) == 0 || head[0] == '{' || head[0] == '[' || len(data) > tableMost {
		return false
	}
	names, err := csvReader(head, head).Read()
	return err == nil && flat.NamesSpans(names)
}

// csvStart is where the head of a table begins: a byte-order mark, NUL bytes and blank lines may stand before it. White
// space in the line itself stays: a tab is a column without a name.
func csvStart(data []byte) int {
	from := len(data) - len(bytes.TrimLeft(data, "\ufeff\x00"))
	blank := data[from:decode.BlankBefore(data)]
	return from + bytes.LastIndexByte(blank, '\n') + 1
}

// csvReader returns a reader for the separator that the head has most of.
func csvReader(head, data []byte) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(data))
	r.LazyQuotes, r.FieldsPerRecord = true, -1
	for _, comma := range []rune{',', ';', '\t'} {
		if bytes.Count(head, []byte(string(comma))) > bytes.Count(head, []byte(string(r.Comma))) {
			r.Comma = comma
		}
	}
	return r
}

// csv reads a table of spans. Lines keep their numbers.
func readCSV(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: func() { readRows(r) }}
}

func readRows(r *decode.Reader) {
	start := csvStart(r.Data)
	data := r.Data[start:]
	head, _, _ := bytes.Cut(data, []byte("\n"))
	rows := csvReader(head, data)
	names, err := rows.Read()
	if err != nil {
		return
	}
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	out := bytes.Repeat([]byte("\n"), bytes.Count(r.Data[:start], []byte("\n")))
	line := 1
	rows.ReuseRecord = true
	for {
		if r.Tick(); r.Stop != nil {
			return
		}
		row, err := rows.Read()
		if row == nil && err != nil {
			break
		}
		if len(row) < len(names) && rows.InputOffset() == int64(len(data)) && data[len(data)-1] != '\n' {
			r.Cut = true // half a line would be a span without its last fields
			break
		}
		at, _ := rows.FieldPos(0)
		for ; line < at; line++ {
			out = append(out, '\n')
		}
		out = appendRow(out, names, len(row), func(i int) []byte { return csvValue(row[i]) })
	}
	r.Reread(out, true)
	r.Pos = len(r.Data)
}

// csvValue writes a cell as JSON: numbers and words as such, nil where it is empty.
func csvValue(cell string) []byte {
	switch {
	case cell == "":
		return nil
	case cell == "true" || cell == "false" || len(cell) <= 20 && (cell[0] == '-' || jsonscan.IsDigit(cell[0])) && json.Valid([]byte(cell)):
		return []byte(cell)
	}
	return jsonscan.AppendQuoted(nil, cell)
}

// appendRow appends a row as an object.
func appendRow(out []byte, names []string, n int, value func(i int) []byte) []byte {
	out = append(out, '{')
	first := true
	for i := range min(len(names), n) {
		v := value(i)
		if len(v) == 0 || names[i] == "" {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(append(jsonscan.AppendQuoted(out, names[i]), ':'), v...)
	}
	return append(out, '}')
}

// IsTable reports whether the input, of which data are the bytes, may be a table in JSON.
func (d *Decision) IsTable(data []byte) bool {
	return d != nil && d.Mapping == nil && d.Refusal != nil && d.Refusal.Table && len(data) <= tableMost
}

// jsonColumn is the head of a column: a name, or an object that has one.
type jsonColumn string

func (c *jsonColumn) UnmarshalJSON(data []byte) error {
	var named struct{ Name, ColumnName, Text string }
	if len(data) > 0 && data[0] == '{' {
		if err := json.Unmarshal(data, &named); err != nil {
			return err
		}
		*c = jsonColumn(named.Name + named.ColumnName)
		if *c == "" {
			*c = jsonColumn(named.Text)
		}
		return nil
	}
	return json.Unmarshal(data, (*string)(c))
}

// jsonTable is a table in JSON, in any of the ways that are known.
type jsonTable struct {
	Columns, Fields, Meta []jsonColumn
	Rows, Events          json.RawMessage
	Data                  json.RawMessage
	Schema                struct{ Fields []jsonColumn }
	Tables, Frames        []jsonTable
	Results               map[string]json.RawMessage
}

// ReadTable reads a document, or a list of them, in which spans are in columns. It reports whether there were any.
func ReadTable(r *decode.Reader) bool {
	var all []jsonTable
	data := r.Data[decode.BlankBefore(r.Data):]
	if len(data) > 0 && data[0] == '{' {
		all = make([]jsonTable, 1)
		if json.Unmarshal(data, &all[0]) != nil {
			return false
		}
	} else if json.Unmarshal(data, &all) != nil {
		return false
	}
	var out []byte
	for level := 0; level < 3 && len(all) > 0; level++ { // results hold frames, answers hold tables
		var inner []jsonTable
		for i := range all {
			t := &all[i]
			out = t.appendRows(out)
			inner = append(append(inner, t.Tables...), t.Frames...)
			for _, name := range slices.Sorted(maps.Keys(t.Results)) {
				var result jsonTable
				if json.Unmarshal(t.Results[name], &result) == nil {
					inner = append(inner, result)
				}
			}
		}
		all = inner
	}
	if len(out) == 0 {
		return false
	}
	before := r.B.Spans()
	r.Reread(out, true)
	if r.B.Spans() == before {
		r.Known, r.Notes = 0, nil
		return r.Stop != nil
	}
	return true
}

// appendRows appends the rows of a table whose columns are those of spans.
func (t *jsonTable) appendRows(out []byte) []byte {
	var names []string
	for _, list := range [][]jsonColumn{t.Columns, t.Fields, t.Meta, t.Schema.Fields} {
		for _, name := range list {
			names = append(names, string(name))
		}
		if len(names) > 0 {
			break
		}
	}
	if !flat.NamesSpans(names) {
		return out
	}
	var values struct{ Values [][]json.RawMessage }
	if json.Unmarshal(t.Data, &values) == nil && len(values.Values) > 0 {
		for row := range values.Values[0] {
			out = appendRow(out, names, len(values.Values), func(i int) []byte {
				if row < len(values.Values[i]) {
					return values.Values[i][row]
				}
				return nil
			})
			out = append(out, '\n')
		}
		return out
	}
	for _, list := range []json.RawMessage{t.Rows, t.Events, t.Data} {
		var rows [][]json.RawMessage
		if json.Unmarshal(list, &rows) != nil {
			continue
		}
		for _, row := range rows {
			out = append(appendRow(out, names, len(row), func(i int) []byte { return row[i] }), '\n')
		}
	}
	return out
}

// Tables is CSV.
func Tables() []decode.Format {
	return []decode.Format{{Name: "CSV", Binary: isFlatCSV, Open: readCSV}}
}
