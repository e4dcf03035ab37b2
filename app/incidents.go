package app

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"tracefall/sources/spelling"
	"tracefall/sources/trace"
)

// incident is one scenario of the built-in demo, as its index describes it.
type incident struct {
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

// incidents reads the index of the demo.
func incidents(demo fs.FS) ([]incident, error) {
	data, err := fs.ReadFile(demo, "index.json")
	if err != nil {
		return nil, fmt.Errorf("the built-in demo: %w", err)
	}
	var index struct {
		Incidents []incident `json:"incidents"`
	}
	if err := json.Unmarshal(data, &index); err != nil {
		return nil, fmt.Errorf("the built-in demo: index.json: %w", err)
	}
	return index.Incidents, nil
}

// findIncident finds an incident by its name.
func findIncident(demo fs.FS, name string) (*incident, error) {
	all, err := incidents(demo)
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
	return nil, fmt.Errorf("no incident %q%s; tracefall demo --list shows all", name, spelling.Suggest(name, names))
}

// only returns the demo with nothing in it but the files of the incident.
func (one *incident) only(demo fs.FS) fs.FS { return incidentFiles{demo, one.Files} }

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

// traceIDs returns the ids of references FILE#TRACEID.
func traceIDs(refs []string) []trace.TraceID {
	var ids []trace.TraceID
	for _, ref := range refs {
		if _, id, ok := strings.Cut(ref, "#"); ok {
			ids = append(ids, trace.ParseTraceID(id))
		}
	}
	return ids
}

// demoName names the incident that is opened alone, "" for none.
func (o *Options) demoName() string {
	if o.incident == nil {
		return ""
	}
	return o.incident.Name
}
