package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// list is a flag with several values: a line of CSV, so that "a,b" in quotes is
// one name. The flag may also come several times. In a configuration file it is
// a JSON list, or what the flag would be.
type list[T string | int | float64] []T

// Decode implements kong.MapperValue.
func (l *list[T]) Decode(ctx *kong.DecodeContext) error {
	token, err := ctx.Scan.PopValue("list")
	if err != nil {
		return err
	}
	if values, ok := token.Value.(list[T]); ok { // from a configuration file
		*l = values
		return nil
	}
	values, err := parseList[T](fmt.Sprint(token.Value))
	*l = append(*l, values...)
	return err
}

// parseList reads a line of CSV. An empty line is an empty list, not nil.
func parseList[T string | int | float64](line string) (list[T], error) {
	l := list[T]{}
	r := csv.NewReader(strings.NewReader(line))
	r.TrimLeadingSpace = true // before a quote too
	cells, err := r.Read()
	if err == io.EOF {
		return l, nil
	}
	if err == nil && r.InputOffset() < int64(len(line)) {
		err = errors.New("more than one line")
	}
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		err = syntax.Err
	}
	if err != nil {
		return nil, fmt.Errorf("%q is no list such as a,b or \"a,b\",c: %w", line, err)
	}
	for _, cell := range cells {
		var value T
		switch p := any(&value).(type) {
		case *string:
			*p = strings.TrimSpace(cell)
		case *int:
			*p, err = strconv.Atoi(strings.TrimSpace(cell))
		case *float64:
			*p, err = strconv.ParseFloat(strings.TrimSpace(cell), 64)
		}
		if err != nil {
			return nil, fmt.Errorf("%q is not %s", cell, typeName(reflect.TypeFor[T]()))
		}
		l = append(l, value)
	}
	return l, nil
}

// UnmarshalJSON reads a list, or a text or number that stands for one.
func (l *list[T]) UnmarshalJSON(text []byte) error {
	mismatch := &json.UnmarshalTypeError{Value: "that", Type: reflect.TypeFor[list[T]]()}
	var values []T
	var line string
	switch {
	case bytes.Equal(text, []byte("null")):
		return nil
	case text[0] == '[':
		if json.Unmarshal(text, &values) != nil {
			return mismatch
		}
		*l = values
		return nil
	case text[0] == '"':
		if err := json.Unmarshal(text, &line); err != nil {
			return err
		}
	default:
		line = string(text) // a number is one in either notation
	}
	parsed, err := parseList[T](line)
	if err != nil || text[0] == '{' || text[0] == 't' || text[0] == 'f' {
		return mismatch
	}
	*l = parsed
	return nil
}
