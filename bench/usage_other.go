//go:build !unix

package main

import (
	"os"
	"time"
)

var begun = time.Now()

// processorTime returns wall-clock time, where the time of processors is not
// to be had.
func processorTime() time.Duration { return time.Since(begun) }

func peakMemory(*os.ProcessState) int64 { return 0 }
