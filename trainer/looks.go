package trainer

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// looksLike says what a file seems to be by how it begins, or returns "".
func looksLike(r io.ReaderAt) string {
	start := make([]byte, 512)
	n, _ := r.ReadAt(start, 0) // what cannot be read looks like nothing
	start = start[:n]
	text := start
	for cut := 1; cut < utf8.UTFMax && cut < n && !utf8.Valid(text); cut++ {
		text = start[:n-cut] // the last letter may be cut in two
	}
	line, _, _ := strings.Cut(string(text), "\n")
	switch {
	case n > 8 && start[8] == '{' && bytes.Equal(start[4:8], make([]byte, 4)):
		return "a model file"
	case bytes.HasPrefix(start, []byte(`{"sha256":`)):
		return "a checkpoint, which train fit --resume goes on from"
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		return "a gzip file"
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return "a zip archive or an Excel workbook"
	case n == 0 || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return ""
	case strings.HasPrefix(strings.TrimSpace(string(text)), "{"):
		return "a JSON file"
	case strings.ContainsAny(line, ",;\t"):
		return "a table (CSV)"
	}
	return "text"
}
