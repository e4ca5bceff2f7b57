package datasets

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

//go:embed data
var data embed.FS

// Info describes an embedded data set.
type Info struct {
	Name        string   `json:"name"`
	Aliases     []string `json:"aliases,omitempty"`
	Description string   `json:"description"`
	Rows        int      `json:"rows"`
	Features    int      `json:"features"`
	Classes     []string `json:"classes"`
	Target      string   `json:"target"` // the column predicted by default, the last
	Licence     string   `json:"licence"`
	Source      string   `json:"source"`
}

// Embedded describes the data sets that are part of the package, sorted by
// name.
func Embedded() []Info {
	text, err := data.ReadFile("data/SOURCES.json")
	if err != nil {
		panic(err) // the file is part of the program
	}
	var sets []Info
	if err := json.Unmarshal(text, &sets); err != nil {
		panic(err)
	}
	return sets
}

// embedded finds a data set by its name or an alias.
func embedded(name string) (Info, bool) {
	for _, set := range Embedded() {
		if set.Name == name || slices.Contains(set.Aliases, name) {
			return set, true
		}
	}
	return Info{}, false
}

func (i Info) open() fs.File {
	f, err := data.Open("data/" + i.Name + ".csv")
	if err != nil {
		panic(fmt.Sprintf("datasets: embedded data set %s: %v", i.Name, err))
	}
	return f
}
