package main

import (
	_ "embed"
	"fmt"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/cpu"
)

//go:embed peers.py
var peersScript string

// setting is environment variables that make Python's libraries fast or slow.
// Which are best depends on processor and case, so the peers try all.
type setting struct {
	name  string
	env   []string
	torch bool // differs from another for PyTorch only
}

// candidates returns the settings that are worth trying for what a Python module
// does.
func (s *sides) candidates(module string) []int {
	if module == "pandas" { // a parser of text
		return []int{0}
	}
	var list []int
	for i, k := range s.settings {
		if module == "torch" || !k.torch {
			list = append(list, i)
		}
	}
	return list
}

func settings(threads int) []setting {
	// Otherwise glibc gives the memory of a large gradient back after each
	// step, and PyTorch gets it again page by page.
	keep := []string{"MALLOC_MMAP_THRESHOLD_=33554432", "MALLOC_TRIM_THRESHOLD_=4294967296"}
	kernels := []setting{{}}
	// An OpenBLAS older than the processor falls back to kernels of SSE3, and
	// PyTorch does not use its kernels of AVX-512 unless told to.
	switch {
	case cpu.X86.HasAVX512F:
		skylake := append(keep, "OPENBLAS_CORETYPE=SkylakeX")
		kernels = append(kernels,
			setting{name: "OpenBLAS SkylakeX, memory kept", env: skylake},
			setting{name: "OpenBLAS SkylakeX, memory kept, ATen AVX-512", env: append(skylake, "ATEN_CPU_CAPABILITY=avx512"), torch: true})
	case cpu.X86.HasAVX2:
		kernels = append(kernels, setting{name: "OpenBLAS Haswell, memory kept", env: append(keep, "OPENBLAS_CORETYPE=Haswell")})
	}
	n := strconv.Itoa(threads)
	pools := []setting{{env: []string{"OMP_NUM_THREADS=" + n, "OPENBLAS_NUM_THREADS=" + n}}}
	if threads > 1 {
		// The threads of OpenMP, which PyTorch and scikit-learn use, and those of
		// OpenBLAS spin against each other when both have several; for the others
		// the second of these is one thread, with which some are faster.
		pools = []setting{
			{name: "threads to OpenBLAS", env: []string{"OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=" + n}},
			{name: "threads to OpenMP", env: []string{"OMP_NUM_THREADS=" + n, "OPENBLAS_NUM_THREADS=1", "OMP_WAIT_POLICY=PASSIVE"}},
		}
	}
	var all []setting
	for _, p := range pools {
		for _, k := range kernels {
			name := p.name
			if name != "" && k.name != "" {
				name += ", "
			}
			if name += k.name; name == "" {
				name = "default"
			}
			all = append(all, setting{name, slices.Concat(p.env, k.env), k.torch})
		}
	}
	return all
}

// sides are the processes of a run: ours, and one of Python's for each
// setting, started when first needed.
type sides struct {
	ours     *side
	python   string // the interpreter; "": there is none
	versions map[string]string
	settings []setting
	theirs   []*side // by setting
	rscript  string  // the command; "": there is none
}

// startSides starts this program again as our side, looks for an interpreter
// with PyTorch, and for R.
func startSides(threads int, pythons []string, rscript string) (*sides, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &sides{versions: map[string]string{}, settings: settings(threads)}
	s.theirs = make([]*side, len(s.settings))
	if s.ours, err = startSide([]string{"GOMAXPROCS=" + strconv.Itoa(threads)}, self, "serve"); err != nil {
		return nil, err
	}
	a, err := s.ours.ask(request{Op: "hello"})
	if err != nil {
		return nil, err
	}
	s.versions["Go"] = a.Versions["Go"]
	if v := rVersion(rscript); v != "" {
		s.rscript, s.versions["R"] = rscript, v
	}
	for _, python := range pythons {
		p, err := startSide(s.settings[0].env, python, "-c", peersScript)
		if err != nil {
			continue
		}
		a, err := p.ask(request{Op: "hello"})
		if err != nil || s.python != "" && a.Versions["torch"] == "" {
			p.stop()
			continue
		}
		if s.theirs[0] != nil {
			s.theirs[0].stop()
		}
		s.python, s.theirs[0] = python, p
		for k, v := range a.Versions {
			s.versions[k] = v
		}
		if a.Versions["torch"] != "" {
			break
		}
	}
	return s, nil
}

// their returns Python's side with setting i.
func (s *sides) their(i int) (*side, error) {
	if s.theirs[i] == nil {
		p, err := startSide(s.settings[i].env, s.python, "-c", peersScript)
		if err != nil {
			return nil, fmt.Errorf("starting %s: %w", s.python, err)
		}
		s.theirs[i] = p
	}
	return s.theirs[i], nil
}

// forget frees the memory of all tasks.
func (s *sides) forget() error {
	for _, p := range append([]*side{s.ours}, s.theirs...) {
		if p != nil {
			if _, err := p.ask(request{Op: "forget"}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *sides) stop() {
	for _, p := range append([]*side{s.ours}, s.theirs...) {
		if p != nil {
			p.stop()
		}
	}
}
