package safetensors

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Read reads a whole file: its tensors in the order of their data, and its
// metadata, nil if there are none. Elements of type F64 are returned bit for
// bit, F32 widened. The reader must end with the file.
//
// Anything else than a valid file is an error that says where; memory use is
// bounded by the bytes that are there, whatever the header claims.
func Read(r io.Reader) ([]Tensor, map[string]string, error) {
	tensors, metadata, err := read(r)
	if err != nil {
		return nil, nil, fmt.Errorf("safetensors: %w", err)
	}
	return tensors, metadata, nil
}

func read(r io.Reader) ([]Tensor, map[string]string, error) {
	header, err := readHeader(r)
	if err != nil {
		return nil, nil, err
	}
	entries, metadata, err := decodeHeader(header)
	if err != nil {
		return nil, nil, err
	}
	tensors := make([]Tensor, len(entries))
	block := make([]byte, 1<<16)
	for i, e := range entries {
		data, err := readData(r, e, block)
		if err != nil {
			return nil, nil, fmt.Errorf("tensor %q: %w", e.name, err)
		}
		tensors[i] = Tensor{e.name, e.shape, data}
	}
	switch _, err := io.ReadFull(r, block[:1]); err {
	case io.EOF:
		return tensors, metadata, nil
	case nil:
		return nil, nil, fmt.Errorf("more bytes follow the %d of the tensors", dataSize(entries))
	default:
		return nil, nil, err
	}
}

func dataSize(entries []entry) uint64 {
	if len(entries) == 0 {
		return 0
	}
	return entries[len(entries)-1].end
}

func readHeader(r io.Reader) ([]byte, error) {
	var length [8]byte
	if n, err := io.ReadFull(r, length[:]); err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("not a safetensors file: it has only %d bytes: %w", n, io.ErrUnexpectedEOF)
	} else if err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader {
		return nil, fmt.Errorf("not a safetensors file: a header of %d bytes, where the format allows %d", n, maxHeader)
	}
	var header bytes.Buffer // grows with what is there
	switch got, err := io.CopyN(&header, r, int64(n)); {
	case err == io.EOF:
		return nil, fmt.Errorf("the file ends in the header, after %d of %d bytes: %w", got, n, io.ErrUnexpectedEOF)
	case err != nil:
		return nil, err
	}
	if b := header.Bytes(); n == 0 || b[0] != '{' {
		return nil, fmt.Errorf("not a safetensors file: no JSON object at byte 8")
	}
	return header.Bytes(), nil
}

// readData reads the elements of a tensor in blocks; block is scratch.
func readData(r io.Reader, e entry, block []byte) ([]float64, error) {
	length := e.end - e.begin
	block = block[:len(block)/8*8]
	data := make([]float64, 0, min(length, uint64(len(block)))/e.size)
	for done := uint64(0); done < length; {
		part := block[:min(length-done, uint64(len(block)))]
		n, err := io.ReadFull(r, part)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, fmt.Errorf("the file ends after %d of its %d bytes: %w", done+uint64(n), length, io.ErrUnexpectedEOF)
		} else if err != nil {
			return nil, err
		}
		done += uint64(n)
		for ; len(part) > 0; part = part[e.size:] {
			if e.size == 8 {
				data = append(data, math.Float64frombits(binary.LittleEndian.Uint64(part)))
			} else {
				data = append(data, float64(math.Float32frombits(binary.LittleEndian.Uint32(part))))
			}
		}
	}
	return data, nil
}
