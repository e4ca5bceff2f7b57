package safetensors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// entry is what the header says of a tensor.
type entry struct {
	name       string
	dtype      string
	size       uint64 // bytes per element
	shape      []int
	begin, end uint64 // of its bytes, from the end of the header
}

// sizes of the types of elements that Read converts to float64.
var elementSize = map[string]uint64{"F64": 8, "F32": 4}

// decodeHeader checks a header and returns its tensors in the order of their
// data.
func decodeHeader(header []byte) (entries []entry, metadata map[string]string, err error) {
	if !utf8.Valid(header) {
		return nil, nil, errors.New("the header is not UTF-8 text")
	}
	d := headerReader{json.NewDecoder(bytes.NewReader(header))}
	d.UseNumber()
	seen := map[string]bool{}
	err = d.object(func(name string) error {
		if seen[name] {
			return fmt.Errorf("%q occurs twice", name)
		}
		seen[name] = true
		if name == metadataKey {
			m, err := d.metadata()
			metadata = m
			return err
		}
		e, err := d.entry(name)
		if err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("header, before byte %d: %w", 8+d.InputOffset(), err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, nil, fmt.Errorf("header, before byte %d: more than one JSON object", 8+d.InputOffset())
	}
	return entries, metadata, arrange(entries)
}

// arrange sorts entries by their place and checks that they fill the data
// without holes or overlaps.
func arrange(entries []entry) error {
	slices.SortStableFunc(entries, func(a, b entry) int {
		if a.begin != b.begin {
			return cmp.Compare(a.begin, b.begin)
		}
		return cmp.Compare(a.end, b.end)
	})
	end, before := uint64(0), "the header"
	for _, e := range entries {
		switch {
		case e.begin > end:
			return fmt.Errorf("tensor %q begins at byte %d of the data, but %s ends at byte %d: a hole", e.name, e.begin, before, end)
		case e.begin < end:
			return fmt.Errorf("tensor %q begins at byte %d of the data, inside %s, which ends at byte %d", e.name, e.begin, before, end)
		}
		end, before = e.end, fmt.Sprintf("tensor %q", e.name)
	}
	return nil
}

// headerReader walks over JSON token by token: decoding into maps and structs
// would accept a key that occurs twice, or in another case.
type headerReader struct{ *json.Decoder }

// token reads a token; running out of them is an error.
func (d headerReader) token() (json.Token, error) {
	tok, err := d.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return tok, err
}

func (d headerReader) delim(want json.Delim) error {
	tok, err := d.token()
	if err == nil && tok != want {
		err = fmt.Errorf("%v where %v should be", tok, want)
	}
	return err
}

// object calls field for every key of an object; that reads the value.
func (d headerReader) object(field func(key string) error) error {
	if err := d.delim('{'); err != nil {
		return err
	}
	for d.More() {
		key, err := d.text()
		if err != nil {
			return err
		}
		if err := field(key); err != nil {
			return err
		}
	}
	return d.delim('}')
}

func (d headerReader) text() (string, error) {
	tok, err := d.token()
	if err != nil {
		return "", err
	}
	s, ok := tok.(string)
	if !ok {
		return "", fmt.Errorf("%v where a text should be", tok)
	}
	return s, nil
}

func (d headerReader) metadata() (map[string]string, error) {
	m := map[string]string{}
	err := d.object(func(key string) error {
		if _, ok := m[key]; ok {
			return fmt.Errorf("the key %q occurs twice", key)
		}
		s, err := d.text()
		if err != nil {
			return fmt.Errorf("key %q: %w", key, err)
		}
		m[key] = s
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", metadataKey, err)
	}
	return m, nil
}

// numbers reads a list of integers from 0 on.
func (d headerReader) numbers() ([]uint64, error) {
	if err := d.delim('['); err != nil {
		return nil, err
	}
	list := []uint64{}
	for d.More() {
		tok, err := d.token()
		if err != nil {
			return nil, err
		}
		number, ok := tok.(json.Number)
		if !ok {
			return nil, fmt.Errorf("%v where a number should be", tok)
		}
		n, err := strconv.ParseUint(number.String(), 10, 63)
		if err != nil {
			return nil, fmt.Errorf("%s is not an integer from 0 to 2⁶³−1", number)
		}
		list = append(list, n)
	}
	return list, d.delim(']')
}

func (d headerReader) entry(name string) (entry, error) {
	e := entry{name: name}
	var offsets []uint64
	err := d.object(func(key string) (err error) {
		var twice bool
		switch key {
		case "dtype":
			twice = e.dtype != ""
			e.dtype, err = d.text()
		case "shape":
			twice = e.shape != nil
			e.shape, err = d.shape()
		case "data_offsets":
			twice = offsets != nil
			offsets, err = d.numbers()
		default:
			return fmt.Errorf("the unknown key %q", key)
		}
		if twice {
			return fmt.Errorf("%s occurs twice", key)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	if e.dtype == "" || e.shape == nil || len(offsets) != 2 {
		return e, errors.New("it needs dtype, shape and data_offsets, a beginning and an end")
	}
	e.begin, e.end = offsets[0], offsets[1]
	e.size = elementSize[e.dtype]
	n, err := count(e.shape)
	switch {
	case e.size == 0:
		return e, fmt.Errorf("the elements are of type %s; only F64 and F32 can be read: convert them first", e.dtype)
	case err != nil:
		return e, err
	case e.end < e.begin || e.end-e.begin != n*e.size:
		return e, fmt.Errorf("data_offsets [%d, %d] do not fit %d elements of %s, shape %v", e.begin, e.end, n, e.dtype, e.shape)
	}
	return e, nil
}

func (d headerReader) shape() ([]int, error) {
	sizes, err := d.numbers()
	shape := make([]int, len(sizes))
	for i, n := range sizes {
		shape[i] = int(n)
		if shape[i] < 0 || uint64(shape[i]) != n {
			return nil, fmt.Errorf("size %d is too large for this machine", n)
		}
	}
	return shape, err
}
