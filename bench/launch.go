package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// launched is what a program needed from its start to its end.
type launched struct {
	Wall, CPU float64 // seconds
	Memory    float64 // bytes, at most
	Stdout    []byte
}

// launch runs a program and writes what it needed. It is done by a process of
// its own: the system counts the memory of the process that starts a program
// as the program's, and ours holds data.
func launch(args []string, w io.Writer) error {
	c := exec.Command(args[0], args[1:]...)
	c.Stderr = os.Stderr
	start := time.Now()
	out, err := c.Output()
	wall := time.Since(start)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	state := c.ProcessState
	return json.NewEncoder(w).Encode(launched{wall.Seconds(), (state.UserTime() + state.SystemTime()).Seconds(), float64(peakMemory(state)), out})
}

// launchIn starts the process that launches a program with variables added to
// the environment.
func launchIn(env []string, args ...string) (l launched, err error) {
	self, err := os.Executable()
	if err != nil {
		return l, err
	}
	c := exec.Command(self, append([]string{"launch"}, args...)...)
	c.Env = append(os.Environ(), env...)
	out, err := c.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return l, fmt.Errorf("%w: %s", err, exit.Stderr)
	} else if err != nil {
		return l, err
	}
	return l, json.Unmarshal(out, &l)
}
