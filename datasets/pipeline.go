package datasets

import (
	"io"
	"iter"
	"runtime"
	"strings"
	"sync"
)

// engine is how the reading is cut up and spread. Results do not depend on it.
type engine struct {
	blockSize int
	workers   int
}

// defaultEngine has a worker per processor, as long as one goroutine can read
// fast enough for them all.
func defaultEngine() engine { return engine{blockSize, min(runtime.GOMAXPROCS(0), 16)} }

// open reads the header of a table and returns the plan of its columns without
// roles, and the reader of the rows after it.
func (e engine) open(r io.Reader, name string, separator, decimal rune, missing Missing) (*plan, *rows, error) {
	src, err := newSource(r, name, e.blockSize)
	if err != nil {
		return nil, nil, err
	}
	s := scanner{line: 1}
	for s.pos == len(s.text) {
		s.pos = 0
		s.text, err = src.next(s.text)
		if err == io.EOF {
			return nil, nil, &Error{File: name, Problem: "is empty; the first line must name the columns"}
		}
		if err != nil {
			return nil, nil, err
		}
		for s.blank() {
		}
	}
	d, err := settle(name, separator, decimal, s.text[s.pos:])
	if err != nil {
		return nil, nil, err
	}
	s.separator = d.separator
	line := s.line
	names, problem := s.row()
	if problem != "" {
		return nil, nil, &Error{File: name, Line: line, Problem: problem}
	}
	if strings.Contains(strings.Join(names, ""), "\r") {
		return nil, nil, &Error{File: name, Line: line, Problem: "lines end with CR alone; save the file with LF or CRLF line ends"}
	}
	p, err := planHeader(name, line, names, d, missing)
	if err != nil {
		return nil, nil, err
	}
	return p, &rows{source: src, first: s.text[s.pos:], line: s.line, workers: e.workers}, nil
}

// rows reads the rows of a table.
type rows struct {
	source  *source
	first   []byte // rows read along with the header
	line    int    // of the next row
	workers int
}

// most returns an upper bound of the number of rows, or -1 if none is known. No
// row is shorter than a byte a column.
func (r *rows) most(columns int) int {
	return min(r.source.rows, r.source.bytes/columns+1)
}

// blocks parses the rows on several goroutines and yields them in file order.
// A block is valid until the next is asked for.
func (r *rows) blocks(p *plan) iter.Seq2[*block, error] {
	return func(yield func(*block, error) bool) {
		var (
			window = 2 * r.workers
			work   = make(chan *block, window)
			queue  []*block // being parsed, in file order
			free   []*block
			group  sync.WaitGroup
			end    error
		)
		for range r.workers {
			group.Go(func() {
				for b := range work {
					b.parse(p)
					b.done <- struct{}{}
				}
			})
		}
		defer group.Wait()
		defer close(work)
		for {
			for end == nil && len(queue) < window {
				b := &block{done: make(chan struct{}, 1)}
				if n := len(free); n > 0 {
					b, free = free[n-1], free[:n-1]
				}
				if b.text, end = r.next(b.text); end != nil {
					break
				}
				if end = p.guessKinds(b.text, r.line); end != nil {
					break
				}
				b.columns = p.columns
				queue = append(queue, b)
				work <- b
			}
			if len(queue) == 0 {
				break
			}
			b := queue[0]
			queue = queue[1:]
			<-b.done
			b.place(r.line)
			r.line += b.lineBreaks
			if !yield(b, nil) {
				return
			}
			if b.err != nil {
				yield(nil, b.err)
				return
			}
			free = append(free, b)
		}
		if end == io.EOF {
			return
		}
		if e, ok := end.(*Error); ok && e.Line == 0 {
			e.Line = r.line
		}
		yield(nil, end)
	}
}

func (r *rows) next(buf []byte) ([]byte, error) {
	if len(r.first) > 0 {
		text := r.first
		r.first = nil
		return text, nil
	}
	return r.source.next(buf)
}

// place makes the line numbers of a block whose first line is known absolute.
func (b *block) place(line int) {
	b.firstLine = line
	for i := range b.lines {
		b.lines[i] += line - 1
	}
	if b.err != nil {
		b.err.Line += line - 1
	}
}
