package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/atomicfile"
	"github.com/surprisal-ml/surprisal/internal/spelling"
)

// configuration is a configuration file: a JSON object whose keys are flags of
// fit without the dashes, and "data".
type configuration struct {
	file     string
	settings settings
	given    map[string]any // the values in the file, for the flags not typed
}

// configError says what is wrong with a configuration file.
type configError struct {
	file    string
	line    int // 0: not in one line
	problem string
}

func (e *configError) Error() string {
	if e.line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.file, e.line, e.problem)
	}
	return e.file + ": " + e.problem
}

// parseConfig reads a configuration file. It refuses keys that are no flags and
// values of the wrong type.
func parseConfig(file string, text []byte) (*configuration, error) {
	fail := func(offset int64, format string, args ...any) error {
		line := 0
		if offset >= 0 {
			line = 1 + bytes.Count(text[:min(int(offset), len(text))], []byte{'\n'})
		}
		return &configError{file, line, fmt.Sprintf(format, args...)}
	}
	keyOffset := func(key string) int64 {
		quoted, _ := json.Marshal(key) // a string cannot fail
		return int64(bytes.Index(text, quoted))
	}
	c := configuration{file: file}
	values := json.NewDecoder(bytes.NewReader(text))
	values.UseNumber()
	if err := values.Decode(&c.given); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fail(syntax.Offset, "not JSON: %v", syntax)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fail(int64(len(bytes.TrimRight(text, " \t\r\n"))), "not JSON: the file ends before the object does")
		}
		return nil, fail(-1, "not a JSON object with the flags of fit as keys")
	}
	if _, err := values.Token(); err != io.EOF {
		return nil, fail(values.InputOffset(), "there is more after the end of the JSON object")
	}
	known := settingNames()
	for key, value := range c.given {
		if !slices.Contains(known, key) {
			return nil, fail(keyOffset(key), "unknown key %q%s; the keys are the flags of train fit that decide the result", key, spelling.Hint(key, known))
		}
		if value == nil {
			delete(c.given, key)
		}
	}
	if err := json.Unmarshal(text, &c.settings); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return nil, fail(keyOffset(kind.Field), "%q needs %s, not a %s", kind.Field, typeName(kind.Type), kind.Value)
		}
		return nil, fail(-1, "%v", err)
	}
	c.settings.Data = dataFrom(file, c.settings.Data)
	return &c, nil
}

// settingNames lists the keys of a configuration file.
func settingNames() []string {
	var names []string
	t := reflect.TypeFor[settings]()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func typeName(t reflect.Type) string {
	if t == reflect.TypeFor[strengthFlag]() {
		return `a number, or "cv"`
	}
	switch t.Kind() {
	case reflect.Slice:
		if t.Elem().Kind() == reflect.String {
			return `a list, as in ["a", "b"], or a text`
		}
		return "a list of numbers"
	case reflect.Float64:
		return "a number"
	case reflect.Int, reflect.Uint64:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	}
	return "a text"
}

// Resolve gives a flag that was not typed its value from the file.
func (c *configuration) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value := c.given[flag.Name]
	if value == nil {
		return nil, nil
	}
	if field := reflect.ValueOf(c.settings).Field(slices.Index(settingNames(), flag.Name)); field.Kind() == reflect.Slice {
		return field.Interface(), nil
	}
	switch v := value.(type) {
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return value, nil
}

// Validate implements kong.Resolver.
func (c *configuration) Validate(*kong.Application) error { return nil }

// configFlag is the flag --config. The file is read when the flags are known,
// and before their values are settled.
type configFlag struct{ *configuration }

// Decode implements kong.MapperValue.
func (f *configFlag) Decode(ctx *kong.DecodeContext) error {
	var path string
	if err := ctx.Scan.PopValueInto("file", &path); err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return &configError{file: path, problem: reason(err)}
	}
	f.configuration, err = parseConfig(path, text)
	return err
}

// BeforeResolve is called by kong.
func (configFlag) BeforeResolve(ctx *kong.Context, trace *kong.Path) error {
	if c := ctx.FlagValue(trace.Flag).(configFlag).configuration; c != nil {
		ctx.AddResolver(c)
	}
	return nil
}

// reason returns what a file operation failed with, without the name.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// save writes the settings as a configuration file.
func (s settings) save(path string) error {
	s.Data = dataFor(path, s.Data)
	return atomicfile.Write(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(s)
	})
}

// In a configuration file the path of the data is relative to the folder of the
// file, so that a folder can be moved as a whole, and --config works from any.

// dataFrom returns where the data of a configuration file are: a file, or the
// name of a data set.
func dataFrom(config, data string) string {
	if data == "" || data == "-" || filepath.IsAbs(data) {
		return data
	}
	path := filepath.Join(filepath.Dir(config), data)
	if _, known := datasets.Lookup(data); known && !isFile(path) {
		return data
	}
	return path
}

// dataFor returns what to write for the data in a configuration file.
func dataFor(config, data string) string {
	if data == "-" || !isFile(data) {
		return data
	}
	from, err := filepath.Abs(filepath.Dir(config))
	if err != nil {
		return data
	}
	to, err := filepath.Abs(data)
	if err != nil {
		return data
	}
	if relative, err := filepath.Rel(from, to); err == nil {
		return relative
	}
	return to // on another drive
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
