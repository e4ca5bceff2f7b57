package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Write writes the tensors, in the order given, and the metadata, sorted by
// key. The same arguments give the same bytes; a nil or empty metadata is not
// written. It returns an error, before writing anything, if the data of a
// tensor do not fit its shape, if a name is used twice or is "__metadata__",
// if a text is not UTF-8, or if the header would be longer than the format
// allows.
func Write(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	header, err := encodeHeader(tensors, metadata)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	if _, err := w.Write(header); err != nil {
		return fmt.Errorf("safetensors: writing the header: %w", err)
	}
	block := make([]byte, 0, 1<<16)
	for _, t := range tensors {
		for part := range slices.Chunk(t.Data, cap(block)/8) {
			block = block[:0]
			for _, v := range part {
				block = binary.LittleEndian.AppendUint64(block, math.Float64bits(v))
			}
			if _, err := w.Write(block); err != nil {
				return fmt.Errorf("safetensors: writing tensor %q: %w", t.Name, err)
			}
		}
	}
	return nil
}

// encodeHeader returns the length and the header.
func encodeHeader(tensors []Tensor, metadata map[string]string) ([]byte, error) {
	h := headerWriter{buf: make([]byte, 8)}
	h.raw("{")
	if len(metadata) > 0 {
		h.text(metadataKey)
		h.raw(":{")
		for i, key := range slices.Sorted(maps.Keys(metadata)) {
			if i > 0 {
				h.raw(",")
			}
			h.text(key)
			h.raw(":")
			h.text(metadata[key])
		}
		h.raw("}")
	}
	seen := make(map[string]bool, len(tensors))
	offset := uint64(0)
	for i, t := range tensors {
		n, err := count(t.Shape)
		switch {
		case err != nil:
			return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
		case n != uint64(len(t.Data)):
			return nil, fmt.Errorf("tensor %q: %d elements for shape %v", t.Name, len(t.Data), t.Shape)
		case t.Name == metadataKey:
			return nil, fmt.Errorf("a tensor is named %q, which is the name of the metadata", t.Name)
		case seen[t.Name]:
			return nil, fmt.Errorf("two tensors are named %q", t.Name)
		}
		seen[t.Name] = true
		if i > 0 || len(metadata) > 0 {
			h.raw(",")
		}
		h.text(t.Name)
		h.raw(`:{"dtype":"F64","shape":[`)
		for j, d := range t.Shape {
			if j > 0 {
				h.raw(",")
			}
			h.raw(strconv.Itoa(d))
		}
		h.raw(fmt.Sprintf(`],"data_offsets":[%d,%d]}`, offset, offset+8*n))
		offset += 8 * n
	}
	h.raw("}")
	for len(h.buf)%8 != 0 { // so that the data are aligned in a mapped file
		h.raw(" ")
	}
	if h.err != nil {
		return nil, h.err
	}
	n := len(h.buf) - 8
	if n > maxHeader {
		return nil, fmt.Errorf("the header is %d bytes long; the format allows %d", n, maxHeader)
	}
	binary.LittleEndian.PutUint64(h.buf, uint64(n))
	return h.buf, nil
}

// headerWriter appends JSON, and keeps the first error.
type headerWriter struct {
	buf []byte
	err error
}

func (h *headerWriter) raw(s string) { h.buf = append(h.buf, s...) }

func (h *headerWriter) text(s string) {
	if !utf8.ValidString(s) { // JSON would replace the bad bytes
		h.err = errors.Join(h.err, fmt.Errorf("the text %q is not valid UTF-8", s))
		return
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s) // of a string into memory: cannot fail
	h.buf = append(h.buf, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
