package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/cpu"
)

// machine describes the processor, as far as the system tells.
func machine() string {
	name := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	switch {
	case cpu.X86.HasAVX512F:
		name += " with AVX-512"
	case cpu.X86.HasAVX2:
		name += " with AVX2"
	}
	return fmt.Sprintf("%s, %d processors, %s/%s", name, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
}

// load returns the load average of the last minute, or 0 where the system does
// not tell.
func load() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	average, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return average
}

// ticks are processor times since the machine started.
type ticks struct{ all, stolen float64 }

// readTicks returns zeros where the system does not tell.
func readTicks() ticks {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return ticks{}
	}
	line, _, _ := strings.Cut(string(text), "\n")
	var t ticks
	for i, field := range strings.Fields(line) {
		// cpu user nice system idle iowait irq softirq steal guest guest_nice;
		// the guests' are part of user and nice.
		if v, err := strconv.ParseFloat(field, 64); err == nil && i <= 8 {
			t.all += v
			if i == 8 {
				t.stolen = v
			}
		}
	}
	return t
}

// stolenSince returns the share of the time since then that other virtual
// machines took.
func (t ticks) stolenSince(before ticks) float64 {
	if t.all == before.all {
		return 0
	}
	return (t.stolen - before.stolen) / (t.all - before.all)
}
