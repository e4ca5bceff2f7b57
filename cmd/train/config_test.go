package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Every key of a configuration file is a flag of fit, and every flag that
// decides the result a key.
func TestConfigurationKeysAreFlags(t *testing.T) {
	var c commands
	parser, err := kong.New(&c, kong.ExplicitGroups(flagGroups))
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"data"}
	for _, node := range parser.Model.Children {
		for _, flag := range node.Flags {
			if node.Name == "fit" && flag.Group != nil && flag.Group.Key != "output" {
				keys = append(keys, flag.Name)
			}
		}
	}
	if names := settingNames(); !slices.Equal(keys, names) {
		t.Errorf("flags %q\nkeys  %q", keys, names)
	}
}

func TestConfigurationErrors(t *testing.T) {
	for text, want := range map[string]string{
		``:                                       "c.json: not a JSON object",
		"{":                                      "c.json:1: not JSON: the file ends before the object does",
		"{\n \"lr\": 0.1,\n\n":                   "c.json:2: not JSON: the file ends",
		"{\n \"target\": [\"a\",\n \"b":          "c.json:3: not JSON: the file ends",
		`[]`:                                     "c.json: not a JSON object",
		"{\n \"lr\": 0.1,\n}":                    "c.json:3: not JSON",
		"{\n \"epoch\": 3\n}":                    `c.json:2: unknown key "epoch" (did you mean epochs?)`,
		"{\n \"penal\": 3\n}":                    `c.json:2: unknown key "penal"`,
		"{\n \"penalty\": 3\n}":                  `c.json:2: "penalty" needs a text, not a number`,
		`{"C": "large"}`:                         `c.json:1: "C" needs a number, or "cv", not`,
		`{"Epochs": 3}`:                          `c.json:1: unknown key "Epochs"`,
		"{\n \"target\": true}":                  `c.json:2: "target" needs a list, as in ["a", "b"], or a text`,
		`{"target": {"a": 1}}`:                   `"target" needs a list`,
		`{"target": [1]}`:                        `"target" needs a list`,
		`{"target": "a\nb"}`:                     `"target" needs a list`,
		`{"hidden": "64,x"}`:                     `"hidden" needs a list of numbers`,
		`{"hidden": 6.5}`:                        `"hidden" needs a list of numbers`,
		"{\"seed\": 1,\n\"epochs\": 2.5}":        `c.json:2: "epochs" needs a whole number, not a number 2.5`,
		`{"missing": "ignore"}`:                  `"ignore" is no policy for missing cells`,
		`{"lr": 0.1} {}`:                         "c.json:1: there is more after the end",
		`{"nesterov": "yes"}`:                    `c.json:1: "nesterov" needs true or false, not a string`,
		`{"lr": 1e999}`:                          `"lr" needs a number`,
		`{"hidden": [64, "32"]}`:                 `"hidden" needs`,
		`{"model": "x.model"}`:                   `unknown key "model"`,
		strings.Repeat(`{"target":`, 20000):      "c.json",
		"{\"lr\": 0.1, \"\u2028\": 0.1, \"\":1}": "unknown key",
	} {
		_, err := parseConfig("c.json", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: error %v, want %s", text, err, want)
		}
	}
}

// What a configuration file may contain is written back to what reads the same.
func FuzzConfig(f *testing.F) {
	f.Add([]byte(`{"data": "iris", "hidden": [64, 32], "lr": 0.001, "seed": 18446744073709551615, "missing": "drop"}`))
	f.Add([]byte(`{"target": ["a", "b,c"], "nesterov": true, "batch": 0, "pos-weight": [1, 2.5e-3]}`))
	f.Add([]byte(`{"lr": null, "tolerance": 1e-12, "class-weight": "balanced"}`))
	f.Add([]byte(`{"target": "\"a,b\", c", "hidden": 64, "pos-weight": "1,2", "exclude": ""}`))
	f.Add([]byte(`{"epoch": 1}`))
	f.Add([]byte("{\"missing\": \"\xff\"}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parseConfig("c.json", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "c.json:") {
				t.Errorf("an error that does not name the file: %v", err)
			}
			return
		}
		c.settings.check() // must not panic; whether it is content does not matter
		once, err := json.Marshal(c.settings)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseConfig("c.json", once)
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		twice, err := json.Marshal(again.settings)
		if err != nil || string(once) != string(twice) {
			t.Errorf("%s\nreads back as\n%s (%v)", once, twice, err)
		}
	})
}
