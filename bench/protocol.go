package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"time"

	"gonum.org/v1/gonum/mat"
)

// request and reply are what goes to a side, a process that does tasks, and
// what comes back: a line of JSON each. Both sides live as long as the run, so
// that their slices of time can alternate.
type request struct {
	Op      string  `json:"op"` // hello, check, time, rest or forget
	Spec    spec    `json:"spec"`
	Variant string  `json:"variant"`
	Runs    int     `json:"runs"`    // check: of a new task, before its result is taken
	Warm    float64 `json:"warm"`    // time: seconds of running before the clock starts; 0: one call, cold
	Seconds float64 `json:"seconds"` // time: how long to run, about
}

type reply struct {
	Error    string            `json:"error,omitempty"`
	Versions map[string]string `json:"versions,omitempty"` // hello
	Value    float64           `json:"value"`              // check
	Coef     []float64         `json:"coef,omitempty"`     // check of a fit, instead
	Passes   float64           `json:"passes,omitempty"`   // check of our fit: over the rows
	Calls    int               `json:"calls"`              // check, time
	Wall     float64           `json:"wall"`               // check, time: seconds that passed
	CPU      float64           `json:"cpu"`                // check, time: seconds of processors used
}

// share returns the part of the time that the side had a processor, or how many
// it had.
func (a reply) share() float64 { return a.CPU / a.Wall }

// serve is our side.
func serve(r io.Reader, w io.Writer) error {
	runtime.LockOSThread() // the clock of processor time is exact on the thread that asks
	in, out := json.NewDecoder(r), json.NewEncoder(w)
	tasks := map[string]task{}
	for {
		var q request
		if err := in.Decode(&q); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		a, err := answer(tasks, q)
		if err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
}

func answer(tasks map[string]task, q request) (reply, error) {
	key := fmt.Sprint(q.Spec)
	switch q.Op {
	case "hello":
		return reply{Versions: map[string]string{"Go": runtime.Version()}}, nil
	case "forget":
		clear(tasks)
		runtime.GC()
		return reply{}, nil
	case "check":
		t, err := newTask(q.Spec)
		if err != nil {
			return reply{}, err
		}
		a, err := run(t, q.Runs)
		if err != nil {
			return reply{}, err
		}
		tasks[key] = t
		if t.fit != nil {
			e := t.fit()
			a.Coef, a.Passes = mat.DenseCopyOf(e.Coef).RawMatrix().Data, e.Passes
		} else {
			a.Value = t.result()
		}
		return a, nil
	case "time":
		t, ok := tasks[key]
		if !ok {
			return reply{}, fmt.Errorf("%s was not checked before", q.Spec.Kind)
		}
		return timed(t, q.Warm, q.Seconds)
	case "rest":
		rest()
		return reply{}, nil
	}
	return reply{}, fmt.Errorf("unknown request %q", q.Op)
}

// Calls that a slice and its warm-up have at least, however long they take.
const (
	minCalls = 5
	minWarm  = 2
)

// timed runs a task for about so many seconds. peers.py has its twin.
func timed(t task, warm, seconds float64) (reply, error) {
	calls, start := 0, time.Now()
	for warm > 0 && (calls < minWarm || time.Since(start).Seconds() < warm) {
		if err := t.run(); err != nil {
			return reply{}, err
		}
		calls++
	}
	n := 1
	if calls > 0 {
		n = max(minCalls, int(math.Round(float64(calls)*seconds/time.Since(start).Seconds())))
	}
	return run(t, n)
}

// run runs a task so many times.
func run(t task, calls int) (reply, error) {
	start, used := time.Now(), processorTime()
	for range calls {
		if err := t.run(); err != nil {
			return reply{}, err
		}
	}
	return reply{Calls: calls, CPU: (processorTime() - used).Seconds(), Wall: time.Since(start).Seconds()}, nil
}

// rest returns when this process does nothing any more. The threads of OpenBLAS
// and of OpenMP spin after a call, for tens of milliseconds, to be there for the
// next one; the side whose turn comes then would find its processors taken. So
// with several threads every side rests after its slice. peers.py has its twin.
func rest() {
	const look, idle, patience = 20 * time.Millisecond, 0.1, 50
	for range patience {
		start, used := time.Now(), processorTime()
		time.Sleep(look)
		if (processorTime() - used).Seconds() < idle*time.Since(start).Seconds() {
			return
		}
	}
}

// side is a process that serves.
type side struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startSide starts a process with variables added to the environment.
func startSide(env []string, name string, args ...string) (*side, error) {
	s := &side{cmd: exec.Command(name, args...)}
	s.cmd.Env = append(os.Environ(), env...)
	s.cmd.Stderr = os.Stderr
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.out = bufio.NewReader(out)
	return s, s.cmd.Start()
}

func (s *side) ask(q request) (reply, error) {
	var a reply
	line, err := json.Marshal(q)
	if err != nil {
		return a, err
	}
	if _, err := s.in.Write(append(line, '\n')); err != nil {
		return a, err
	}
	if line, err = s.out.ReadBytes('\n'); err != nil {
		return a, fmt.Errorf("%s ended: %w", s.cmd.Path, err)
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("%s answered %q: %w", s.cmd.Path, line, err)
	}
	if a.Error != "" {
		return a, fmt.Errorf("%s: %s", s.cmd.Path, a.Error)
	}
	return a, nil
}

// stop lets the process end. Its status does not matter: all it had to say, it
// said.
func (s *side) stop() {
	s.in.Close()
	s.cmd.Wait()
}
