package incident

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.opentelemetry.io/otel/trace"

	"tracefall/testdata/gen/scene"
	"tracefall/testdata/gen/wire"
)

// story is one incident of the demo: what a person would open.
type story struct {
	name, title string
	lines       [2]string
	// detector is what must be found, also what may be found beside it at
	// medium severity or above; none: nothing is wrong to detect.
	detector string
	also     []string
	note     string
	files    []act
}

// act is one file of a story.
type act struct {
	suffix string // appended to the story's name; "" for the main file
	play   func(*stage)
}

// indexEntry is a story in index.json.
type indexEntry struct {
	Name     string    `json:"name"`
	Title    string    `json:"title"`
	Story    [2]string `json:"story"`
	Detector string    `json:"detector,omitempty"`
	Also     []string  `json:"also,omitempty"`
	Paste    string    `json:"paste,omitempty"`
	Files    []string  `json:"files"`
	// Good and Bad are FILE#TRACEID, as the command line takes them.
	Good []string `json:"good,omitempty"`
	Bad  []string `json:"bad"`
}

// goodShown is how many healthy traces the index names a file: enough to
// compare with.
const goodShown = 3

// exportBatch is the collector's batch size in the demo: traces spread over
// lines, as they do in files people have.
const exportBatch = 120

// DemoFiles are the contents of testdata/demo by file name.
func DemoFiles() (map[string][]byte, error) {
	out := map[string][]byte{}
	var index []indexEntry
	for i, st := range stories() {
		entry := indexEntry{Name: st.name, Title: st.title, Story: st.lines, Detector: st.detector, Also: st.also, Paste: st.note}
		for j, a := range st.files {
			s := newStage(scene.NewInCluster(uint64(1000 + 10*i + j)))
			a.play(s)
			batches, err := wire.Batches(s.Spans(), exportBatch)
			if err != nil {
				return nil, err
			}
			lines, err := wire.Lines(batches)
			if err != nil {
				return nil, err
			}
			file := st.name + a.suffix + ".jsonl.gz"
			if out[file], err = wire.Gzip(lines); err != nil {
				return nil, err
			}
			entry.Files = append(entry.Files, file)
			entry.Good = append(entry.Good, refs(file, s.good[:min(goodShown, len(s.good))])...)
			entry.Bad = append(entry.Bad, refs(file, s.bad)...)
		}
		if len(entry.Bad) == 0 {
			return nil, fmt.Errorf("story %s marks no trace", st.name)
		}
		index = append(index, entry)
	}
	doc, err := indexDocument(index)
	out["index.json"] = doc
	return out, err
}

func refs(file string, ids []trace.TraceID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, file+"#"+id.String())
	}
	return out
}

func indexDocument(index []indexEntry) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(map[string]any{"version": 1, "incidents": index})
	return out.Bytes(), err
}
