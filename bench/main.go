// Command bench measures this module beside PyTorch, scikit-learn, numpy,
// pandas, statsmodels and R, and writes Markdown tables:
//
//	go run ./bench -out bench/RESULTS.md
//
// Each side is a process that lives as long as the run. Case by case they get
// slices of time in turn, in an order that rotates, so that whatever else the
// machine does meets all of them alike; a ratio is the median over rounds of
// the ratios of neighbouring slices. Both sides compute the same numbers from
// the same data: a peer whose result differs is an error. Before a case is
// timed each peer tries several settings (kernels of OpenBLAS and PyTorch,
// distribution of threads) and keeps the fastest.
//
// With several threads each side rests after its slice, until the threads that
// its libraries leave spinning have gone to sleep.
//
// With one thread a time is that of the processor, which is what passes on the
// wall when the machine is quiet, and does not count what other programs do.
//
// Fits are to an optimum, which peers reach as far as their own criteria let
// them: beside the time is the gradient at the coefficients that they return.
//
// Without Python or R, or without one of the packages, it measures what is there and
// says what is not.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		exit(serve(os.Stdin, os.Stdout))
	}
	if len(os.Args) > 2 && os.Args[1] == "launch" {
		exit(launch(os.Args[2:], os.Stdout))
	}
	var o options
	cases := flag.String("cases", "", "only cases whose title or name matches this regular `expression`")
	threads := flag.String("threads", "1", "`numbers` of threads, as in 1,2: a section of the results each")
	python := flag.String("python", "python3,/usr/bin/python3", "Python `interpreters` to look for PyTorch in, in this order")
	flag.StringVar(&o.rscript, "rscript", "Rscript", "`command` that runs a script of R")
	flag.IntVar(&o.rounds, "rounds", 15, "slices of time per case and side")
	flag.DurationVar(&o.slice, "slice", 40*time.Millisecond, "length of a slice")
	out := flag.String("out", "", "`file` for the results; default: standard output")
	flag.Parse()
	if flag.NArg() > 0 || o.rounds < 1 || o.slice <= 0 {
		flag.Usage()
		os.Exit(2)
	}
	var err error
	if o.cases, err = regexp.Compile(*cases); err != nil {
		exit(err)
	}
	o.pythons = strings.Split(*python, ",")
	for _, text := range strings.Split(*threads, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			exit(fmt.Errorf("-threads %s: needs numbers of at least 1", *threads))
		}
		o.threads = append(o.threads, n)
	}
	var text strings.Builder
	if err := o.run(&text, os.Stderr); err != nil {
		exit(err)
	}
	if *out == "" {
		_, err = io.WriteString(os.Stdout, text.String())
	} else {
		err = os.WriteFile(*out, []byte(text.String()), 0o666)
	}
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// options are what the flags say.
type options struct {
	cases   *regexp.Regexp
	threads []int
	pythons []string
	rscript string
	rounds  int
	slice   time.Duration
}

// run writes the results to w, and lines about its progress to log.
func (o *options) run(w, log io.Writer) error {
	scratch, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if err := o.buildTrain(scratch); err != nil { // now, so that all is of one state of the sources
		return err
	}
	fmt.Fprintf(w, "Measured on %s by `go run ./bench` on %s: %d rounds of %v per case and side, or of %d calls if that is longer; with several threads %d rounds at most.\n", machine(), time.Now().Format(time.DateOnly), o.rounds, o.slice, minCalls, manyThreads)
	fmt.Fprint(w, "\nBeside a peer's figure is its time by ours, the median over the rounds; ± is half the distance of the quartiles of the first such ratio, which is the one that the goal is about. All is in float64 unless it says otherwise. Every peer's result was compared with ours: up to 1e-9 apart, in float32 1e-3, relatively; fits, which end where they end, have a column for that.\n")
	for _, threads := range o.threads {
		s, err := o.section(threads, scratch, log)
		if err != nil {
			return err
		}
		s.write(w)
	}
	return nil
}

func (o *options) section(threads int, scratch string, log io.Writer) (section, error) {
	s := section{threads: threads}
	sides, err := startSides(threads, o.pythons, o.rscript)
	if err != nil {
		return s, err
	}
	defer sides.stop()
	b := bench{sides, threads, o.rounds, o.slice.Seconds()}
	s.versions = sides.versions
	s.load[0] = load()
	before := readTicks()
	for _, g := range groups() {
		t := table{group: g}
		for _, c := range g.cases {
			if !o.cases.MatchString(g.title + ": " + c.name) {
				continue
			}
			if c.spec.Kind == "csv" {
				c.spec.File = filepath.Join(scratch, "numbers.csv")
				if _, err := os.Stat(c.spec.File); err != nil {
					if err := writeCSV(c.spec.File, c.spec.Rows, c.spec.Cols); err != nil {
						return s, err
					}
				}
			}
			r, err := b.measure(&g, c)
			if err != nil {
				return s, err
			}
			t.rows = append(t.rows, r)
			logRow(log, &t, &r)
		}
		if len(t.rows) > 0 {
			s.tables = append(s.tables, t)
		}
	}
	for _, c := range fitCases() {
		if !o.cases.MatchString(fitsTitle + ": " + c.name) {
			continue
		}
		r, err := b.measureFit(c, scratch, log)
		if err != nil {
			return s, err
		}
		s.fits = append(s.fits, r)
	}
	if s.programs, err = o.programs(sides, threads, scratch, log); err != nil {
		return s, err
	}
	s.load[1], s.stolen = load(), readTicks().stolenSince(before)
	return s, nil
}

func logRow(log io.Writer, t *table, r *row) {
	fmt.Fprintf(log, "%-32s %8s %-8s", r.name, t.number(r, r.ours), t.unit)
	for _, s := range r.theirs {
		times, spread := r.ratio(s)
		fmt.Fprintf(log, "  %s %s× ±%.0f%%", s.peer.variant, digits(times), 100*spread)
	}
	fmt.Fprintf(log, "  results apart %.1e, processor %.0f%%\n", r.apart, 100*r.share)
}
