package datasets

import "bytes"

// scanner splits text into cells. The text ends with a line break, or is empty.
type scanner struct {
	text      []byte
	pos       int
	line      int // of pos, from 1
	separator byte
	unquoted  []byte // room for cells that hold escaped quotes
}

// What is wrong with a cell's quotes.
const (
	bareQuote    = `a quote inside a cell; put the whole cell in quotes and double the quotes inside`
	afterQuote   = `text after a closing quote; double the quotes inside a quoted cell`
	unclosedCell = `a quoted cell is never closed`
)

// blank skips a line without content and reports whether there was one.
func (s *scanner) blank() bool {
	for i := s.pos; i < len(s.text); i++ {
		c := s.text[i]
		if c == '\n' {
			s.pos = i + 1
			s.line++
			return true
		}
		if !s.space(c) {
			return false
		}
	}
	return false
}

func (s *scanner) space(c byte) bool {
	return c == ' ' || c == '\r' || c == '\t' && s.separator != '\t'
}

// cell returns the content of the cell at pos without blanks around it and
// moves behind its separator or line break; last tells which. The content is
// valid until the next call. The problem is "" when there is none.
func (s *scanner) cell() (content []byte, last bool, problem string) {
	start := s.pos
	for i := start; ; i++ {
		switch s.text[i] {
		case s.separator, '\n':
			return s.trim(s.text[start:i]), s.skipTo(i), ""
		case '"':
			if len(s.trim(s.text[start:i])) > 0 {
				return nil, false, bareQuote
			}
			return s.quoted(i + 1)
		}
	}
}

// skipTo moves behind the separator or line break at index end of the current
// line, and reports whether it was a line break.
func (s *scanner) skipTo(end int) (last bool) {
	s.pos, last = end+1, s.text[end] == '\n'
	if last {
		s.line++
	}
	return last
}

func (s *scanner) trim(cell []byte) []byte {
	for len(cell) > 0 && s.space(cell[0]) {
		cell = cell[1:]
	}
	for len(cell) > 0 && s.space(cell[len(cell)-1]) {
		cell = cell[:len(cell)-1]
	}
	return cell
}

// quoted reads the cell whose opening quote stands before index i.
func (s *scanner) quoted(i int) (content []byte, last bool, problem string) {
	for escaped := false; ; escaped = true {
		n := bytes.IndexByte(s.text[i:], '"')
		if n < 0 {
			return nil, false, unclosedCell
		}
		part := s.text[i : i+n]
		i += n + 1
		again := i < len(s.text) && s.text[i] == '"'
		if !again && !escaped {
			content = part // the usual case needs no copy
			break
		}
		if !escaped {
			s.unquoted = s.unquoted[:0]
		}
		s.unquoted = append(s.unquoted, part...)
		if !again {
			content = s.unquoted
			break
		}
		s.unquoted = append(s.unquoted, '"')
		i++
	}
	for i < len(s.text) && s.space(s.text[i]) {
		i++
	}
	if i == len(s.text) || s.text[i] != s.separator && s.text[i] != '\n' {
		return nil, false, afterQuote
	}
	if breaks := bytes.Count(content, []byte{'\n'}); breaks > 0 {
		s.line += breaks
		content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	}
	return s.trim(content), s.skipTo(i), ""
}

// row skips blank lines and returns the cells of the row at pos as text. It
// serves headers and messages; data rows are read cell by cell.
func (s *scanner) row() (cells []string, problem string) {
	for s.blank() {
	}
	for s.pos < len(s.text) {
		content, last, problem := s.cell()
		if problem != "" {
			return cells, problem
		}
		cells = append(cells, string(content))
		if last {
			break
		}
	}
	return cells, ""
}
