package session

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"tracefall/sources/spelling"
	"tracefall/sources/trace"
)

// Incident is one scenario of the built-in demo, as its index describes it.
type Incident struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Story    []string `json:"story"`    // two sentences
	Detector string   `json:"detector"` // that finds it, "" for none
	Also     []string `json:"also"`     // detectors that find something in it, too
	Files    []string `json:"files"`
	Good     []string `json:"good"` // FILE#TRACEID
	Bad      []string `json:"bad"`
	Paste    string   `json:"paste"` // the line of a log that is all there is to begin with, "" for none
}

// Incidents reads the index of the demo.
func Incidents(demo fs.FS) ([]Incident, error) {
	data, err := fs.ReadFile(demo, "index.json")
	if err != nil {
		return nil, fmt.Errorf("the built-in demo: %w", err)
	}
	var index struct {
		Incidents []Incident `json:"incidents"`
	}
	if err := json.Unmarshal(data, &index); err != nil {
		return nil, fmt.Errorf("the built-in demo: index.json: %w", err)
	}
	return index.Incidents, nil
}

// FindIncident finds an incident by its name.
func FindIncident(demo fs.FS, name string) (*Incident, error) {
	all, err := Incidents(demo)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range all {
		if all[i].Name == name {
			return &all[i], nil
		}
		names = append(names, all[i].Name)
	}
	near := cmp.Or(spelling.Suggest(name, names), ": tracefall demo --list lists them")
	return nil, fmt.Errorf("no demo scenario %q%s", name, near)
}

// Only returns the demo with nothing in it but the files of the incident.
func (one *Incident) Only(demo fs.FS) fs.FS { return incidentFiles{demo, one.Files} }

// incidentFiles is a file system that lists some of its files.
type incidentFiles struct {
	fs.FS
	files []string
}

// ReadDir lists the files.
func (f incidentFiles) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(f.FS, name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool { return !slices.Contains(f.files, e.Name()) }), err
}

// TraceIDs returns the ids of references FILE#TRACEID.
func TraceIDs(refs []string) []trace.TraceID {
	var ids []trace.TraceID
	for _, ref := range refs {
		if _, id, ok := strings.Cut(ref, "#"); ok {
			ids = append(ids, trace.ParseTraceID(id))
		}
	}
	return ids
}
