package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// fitted is a side's fit: where it ended, and what it took.
type fitted struct {
	series
	tol    float64 // of a peer: the criterion with which it was called
	first  float64 // seconds of the first fit
	passes float64 // of ours: over the rows
	optimality
}

// fitRow is a measured fit.
type fitRow struct {
	fitCase
	ours   fitted
	theirs []fitted
	notRun []peer
	share  float64 // as in row
}

// reached reports whether the gradient is as small as it was to become.
func (r *fitRow) reached(f fitted) bool { return f.gradient <= r.target }

// fitRounds returns how many rounds there are of a fit that takes a peer so many
// seconds.
func fitRounds(seconds float64) int {
	switch {
	case seconds < 2:
		return 5
	case seconds < 8:
		return 3
	}
	return 2
}

// measureFit times a fit on all sides, as measure does.
func (b *bench) measureFit(c fitCase, scratch string, log io.Writer) (fitRow, error) {
	r := fitRow{fitCase: c}
	p, err := c.data()
	if err != nil {
		return r, err
	}
	folder, err := os.MkdirTemp(scratch, "fit")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(folder)
	s, err := c.spec(p, filepath.Join(folder, "data"))
	if err != nil {
		return r, err
	}
	r.ours.ask = b.asker(b.ours)
	if err := r.ours.fit(s, &p); err != nil {
		return r, fmt.Errorf("%s: %w", c.name, err)
	}
	all := []*fitted{&r.ours}
	var slowest float64
	for _, peer := range c.peers {
		if b.versions[peer.module] == "" {
			r.notRun = append(r.notRun, peer)
			continue
		}
		f, err := b.fitPeer(&c, peer, s, &p)
		if err == nil {
			err = f.agrees(&r.ours)
		}
		if err != nil {
			return r, fmt.Errorf("%s, %s: %w", c.name, peer.name, err)
		}
		slowest = max(slowest, f.first)
		all = append(all, &f)
	}
	var shares []float64
	for k := range min(b.rounds, fitRounds(slowest)) {
		for i := range all {
			f := all[(i+k)%len(all)]
			a, err := b.time(f.ask, b.fitRequest(&c, f.with(s), f.peer))
			if err != nil {
				return r, fmt.Errorf("%s, %s: %w", c.name, f.peer.name, err)
			}
			f.seconds = append(f.seconds, b.perCall(a))
			shares = append(shares, a.share())
		}
	}
	r.share = quantile(shares, 0.5)
	for _, f := range all[1:] {
		r.theirs = append(r.theirs, *f)
	}
	r.log(log)
	return r, b.forget()
}

// fitRequest asks for a slice of time: of one fit, or of many if it is small.
func (b *bench) fitRequest(c *fitCase, s spec, p peer) request {
	q := request{Op: "time", Spec: s, Variant: p.variant}
	if c.table {
		q.Warm, q.Seconds = b.warm(), b.slice
	}
	return q
}

// with returns the fit as this side is called for it.
func (f *fitted) with(s spec) spec {
	s.Fit.Tol = f.tol
	return s
}

// fit fits once and looks where it ended.
func (f *fitted) fit(s spec, p *problem) error {
	a, err := f.ask(request{Op: "check", Spec: f.with(s), Variant: f.peer.variant, Runs: checkRuns(s)})
	if err != nil {
		return err
	}
	f.first, f.passes = a.Wall, a.Passes
	f.optimality, err = p.at(a.Coef, s.Fit.L2)
	return err
}

// agrees returns an error if a side did not fit the same model: then it ended
// elsewhere, and not only not quite there.
func (f *fitted) agrees(ours *fitted) error {
	if f.mean < ours.mean-1e-12 || f.mean > ours.mean+1e-4 {
		return fmt.Errorf("does not fit the same model: its objective per row is %.17g, ours %.17g", f.mean, ours.mean)
	}
	return nil
}

// fitPeer returns a peer in the setting in which it is fastest, with the
// tolerance that it needs for the target of the case: less and less until that
// is reached, or less changes nothing.
func (b *bench) fitPeer(c *fitCase, p peer, s spec, data *problem) (best fitted, err error) {
	settings := b.candidates(p.module)
	var asks []asker
	for _, i := range settings {
		ask, err := b.fitAsker(p, i)
		if err != nil {
			return best, err
		}
		asks = append(asks, ask)
	}
	i, err := b.fastestFit(c, p, s, asks)
	if err != nil {
		return best, err
	}
	best = fitted{series: series{peer: p, setting: b.settings[settings[i]].name, ask: asks[i]}}
	tolerances := []float64{1e-4, 1e-8, 1e-10, 1e-12}
	if p == lbfgs { // its tolerance is the target itself, and it stops before
		tolerances = []float64{c.target}
	}
	for k, tol := range tolerances {
		f := best
		f.tol = tol
		if err := f.fit(s, data); err != nil {
			return best, err
		}
		if k > 0 && f.gradient == best.gradient {
			break
		}
		if best = f; f.gradient <= c.target {
			break
		}
	}
	return best, nil
}

// fitAsker returns what asks a peer in setting i.
func (b *bench) fitAsker(p peer, i int) (asker, error) {
	if p.module == "R" {
		return func(q request) (reply, error) { return b.askR(i, q) }, nil
	}
	on, err := b.their(i)
	return b.asker(on), err
}

// fastestFit returns the setting in which the first iterations are fastest: all
// of them would take minutes where the kernels are slow.
func (b *bench) fastestFit(c *fitCase, p peer, s spec, asks []asker) (int, error) {
	if len(asks) == 1 {
		return 0, nil
	}
	const iterations, rounds = 3, 2
	s.Fit.Tol, s.Fit.MaxIter = 1e-12, iterations
	least := slices.Repeat([]float64{math.Inf(1)}, len(asks))
	for _, ask := range asks {
		if _, err := ask(request{Op: "check", Spec: s, Variant: p.variant, Runs: 1}); err != nil {
			return 0, err
		}
	}
	for range rounds {
		for i, ask := range asks {
			a, err := b.time(ask, b.fitRequest(c, s, p))
			if err != nil {
				return 0, err
			}
			least[i] = min(least[i], b.perCall(a))
		}
	}
	return slices.Index(least, slices.Min(least)), nil
}
