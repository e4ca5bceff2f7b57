package main

import (
	"io"

	"github.com/schollz/progressbar/v3"
)

// bar is a progress bar on a terminal.
//
// It holds functions and no *progressbar.ProgressBar: that type has a method
// that serves HTTP. The linker keeps the methods of every type that can be
// reached from an interface, since kong looks methods up by name, and a server
// and its TLS would add 3.6 MB to the program.
type bar struct {
	show  func(done int64, status string)
	clear func()
}

// newBar returns a bar for so many of a unit, counted from now on. What its
// methods might return is about the terminal.
func newBar(w io.Writer, total int64, options ...progressbar.Option) *bar {
	b := progressbar.NewOptions64(total, append(options,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionFullWidth(),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionUseANSICodes(true),
	)...)
	b.StartWithoutRender()
	return &bar{
		show: func(done int64, status string) {
			b.Describe(status)
			b.Set64(done)
		},
		clear: func() { b.Clear() },
	}
}
