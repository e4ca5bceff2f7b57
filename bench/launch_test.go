package main

import (
	"bytes"
	"strings"
	"testing"
)

// The memory of a program is its own, whatever the process that measures it
// holds.
func TestLaunch(t *testing.T) {
	held := make([]byte, 300<<20)
	for i := range held {
		held[i] = byte(i)
	}
	l, err := launchIn([]string{"GOFLAGS="}, "go", "version")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(l.Stdout, []byte("go version")) || l.Wall <= 0 || l.Memory > 100<<20 {
		t.Errorf("%+v", l)
	}
	if _, err := launchIn(nil, "go", "no-such-command"); err == nil || !strings.Contains(err.Error(), "no-such-command") {
		t.Errorf("a program that fails: %v", err)
	}
	if held[300] != 44 {
		t.Error("the memory was not held")
	}
}
