package datasets

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"slices"
)

const (
	blockSize = 256 << 10 // text read and parsed at a time; fits the second-level cache with its numbers
	maxRow    = 64 << 20  // a longer row is taken for a quote never closed
)

// source cuts a stream of bytes into blocks of whole rows.
type source struct {
	r     io.Reader
	name  string
	size  int    // bytes to read at a time
	carry []byte // start of a row whose end is not read yet
	rows  int    // upper bound of the rows to come, or -1 if unknown
	bytes int    // bytes to come, if rows is known
	err   error  // what ended the stream, after the rows before it
}

// newSource recognises how the bytes of r are packed: gzip is unpacked, a UTF-8
// byte order mark skipped; other marks are refused.
func newSource(r io.Reader, name string, size int) (*source, error) {
	s := &source{name: name, size: size, rows: -1}
	if err := s.measure(r); err != nil {
		return nil, err
	}
	b := bufio.NewReaderSize(r, 4096)
	start, err := b.Peek(9)
	if err != nil && err != io.EOF {
		return nil, unreadable(s.name, err)
	}
	switch {
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, &Error{File: name, Problem: "gzip data cannot be unpacked", Err: err}
		}
		s.rows = -1
		b = bufio.NewReaderSize(z, 4096)
		start, _ = b.Peek(4) // an error comes back from the next read
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, &Error{File: name, Problem: "this is a zip archive or an Excel workbook, not CSV; unpack it, or save the sheet as CSV"}
	}
	if isSafetensors(start) {
		return nil, &Error{File: name, Problem: "this is a model file, not a table; the model comes first, as in: train predict MODEL DATA"}
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		b.Discard(3) // cannot fail: the bytes have been seen
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return nil, &Error{File: name, Problem: "the text is UTF-16; save it as UTF-8"}
	}
	s.r = b
	return s, nil
}

// isSafetensors reports whether a file begins as a model file does: with the
// length of a JSON object as 8 bytes, and its brace.
func isSafetensors(start []byte) bool {
	return len(start) == 9 && start[8] == '{' && bytes.Equal(start[4:8], make([]byte, 4))
}

// measure counts the line breaks of a regular file or a buffer ahead, so that
// the matrix can be made once in its final size. A file read from a pipe is
// not measured.
func (s *source) measure(r io.Reader) error {
	if f, ok := r.(fs.File); ok {
		info, err := f.Stat()
		if err != nil {
			return unreadable(s.name, err)
		}
		if info.IsDir() {
			return &Error{File: s.name, Problem: "is a directory"}
		}
		if !info.Mode().IsRegular() {
			return nil
		}
	}
	seeker, ok := r.(io.Seeker)
	if !ok {
		return nil
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil // it cannot seek after all
	}
	rows, total := 1, 0
	buf := make([]byte, blockSize)
	for {
		n, err := r.Read(buf)
		total += n
		rows += bytes.Count(buf[:n], []byte{'\n'})
		if err == io.EOF {
			break
		}
		if err != nil {
			return unreadable(s.name, err)
		}
	}
	if _, err := seeker.Seek(start, io.SeekStart); err != nil {
		return unreadable(s.name, err)
	}
	s.rows, s.bytes = rows, total
	return nil
}

// next returns the next whole rows, in buf where they fit. The text ends with
// a line break. After the last rows it returns io.EOF or what went wrong.
func (s *source) next(buf []byte) ([]byte, error) {
	buf = append(buf[:0], s.carry...)
	s.carry = s.carry[:0]
	for {
		buf = s.fill(buf)
		if s.err == io.EOF {
			if len(buf) == 0 {
				return buf, io.EOF
			}
			if buf[len(buf)-1] != '\n' {
				buf = append(buf, '\n')
			}
			return buf, nil
		}
		if cut := endOfRows(buf); cut > 0 {
			s.carry = append(s.carry, buf[cut:]...)
			return buf[:cut], nil
		}
		if s.err != nil {
			return nil, unreadable(s.name, s.err)
		}
		if len(buf) > maxRow {
			return nil, &Error{File: s.name, Problem: "a row is longer than 64 MB; is a quote never closed, or is this not a text file?"}
		}
	}
}

// fill appends at least s.size bytes, or as many as are left, and at least
// doubles buf, so that a long row is not searched for its end too often.
func (s *source) fill(buf []byte) []byte {
	want := len(buf) + max(s.size, len(buf))
	buf = slices.Grow(buf, want-len(buf))
	for len(buf) < want && s.err == nil {
		var n int
		n, s.err = s.r.Read(buf[len(buf):want])
		buf = buf[:len(buf)+n]
	}
	return buf
}

// endOfRows returns the index after the last line break outside quotes, where
// the number of quotes before is even. That is so for well-formed rows; in any
// other, parsing stops at the first bare quote, before it matters where the text
// was cut.
func endOfRows(text []byte) int {
	quote := []byte{'"'}
	end := bytes.LastIndexByte(text, '\n') + 1
	for quotes := bytes.Count(text[:end], quote); quotes%2 == 1; {
		before := bytes.LastIndexByte(text[:end-1], '\n') + 1
		quotes -= bytes.Count(text[before:end], quote)
		end = before
	}
	return end
}

func unreadable(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // the name is in our own error already
	}
	return &Error{File: name, Problem: "cannot be read", Err: err}
}
