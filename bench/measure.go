package main

import (
	"fmt"
	"math"
	"slices"
)

// bench measures cases on all sides of a run.
type bench struct {
	*sides
	threads, rounds int
	slice           float64 // seconds
}

// series is what a side needed for a call, round by round.
type series struct {
	peer    peer   // without a name: ours
	setting string // the fastest of several; "": there was no choice
	seconds []float64
	ask     asker
}

// asker asks a side.
type asker func(request) (reply, error)

// row is a measured case.
type row struct {
	benchCase
	ours   series
	theirs []series
	apart  float64 // the largest relative difference of a peer's result in float64 from ours
	share  float64 // of the wall-clock time that the sides had a processor, the median
}

// tolerance is how far the results of two sides that did the same work may be
// apart, relatively.
func tolerance(p peer) float64 {
	if p.float32 {
		return 1e-3
	}
	return 1e-9
}

// manyThreads is how many rounds there are at most with several threads.
const manyThreads = 9

// measure times a case: slices of time of each side in turn, in an order that
// rotates, so that whatever the machine does besides meets all of them.
func (b *bench) measure(g *group, c benchCase) (row, error) {
	r := row{benchCase: c}
	warm, seconds, rounds := b.warm(), b.slice, b.rounds
	switch {
	case c.spec.Kind == "csv": // a call takes seconds
		warm, seconds, rounds = 0, 0, min(rounds, 3)
	case b.threads > 1: // a round takes seconds
		rounds = min(rounds, manyThreads)
	}
	ours := b.asker(b.ours)
	a, err := ours(request{Op: "check", Spec: c.spec, Runs: checkRuns(c.spec)})
	if err != nil {
		return r, err
	}
	all := []series{{ask: ours}}
	for _, p := range g.peers {
		if b.versions[p.module] == "" || p.module == c.without {
			continue
		}
		s, apart, err := b.best(c, p, a.Value)
		if err != nil {
			return r, err
		}
		if !p.float32 {
			r.apart = max(r.apart, apart)
		}
		all = append(all, s)
	}
	var shares []float64
	for k := range rounds {
		for i := range all {
			s := &all[(i+k)%len(all)]
			a, err := b.time(s.ask, request{Spec: c.spec, Variant: s.peer.variant, Warm: warm, Seconds: seconds})
			if err != nil {
				return r, err
			}
			s.seconds = append(s.seconds, b.perCall(a))
			shares = append(shares, a.share())
		}
	}
	r.ours, r.theirs, r.share = all[0], all[1:], quantile(shares, 0.5)
	return r, b.forget()
}

// time asks for a slice of time. With one thread, one in which other programs
// took the processor is repeated, twice at most, and the best of them counts:
// they leave cold caches, which cost Python more than us.
func (b *bench) time(ask asker, q request) (best reply, err error) {
	q.Op = "time"
	for range 3 {
		a, err := ask(q)
		if err != nil {
			return best, err
		}
		if best.Wall == 0 || a.share() > best.share() {
			best = a
		}
		if b.threads > 1 || q.Warm == 0 || best.share() >= minShare {
			break
		}
	}
	return best, nil
}

// warm returns the seconds that a side works before its slice. A virtual machine
// may take a processor away while all sides rest, and bring it back only after
// some 0.3 s of two threads sharing the other one.
func (b *bench) warm() float64 {
	if b.threads > 1 {
		return max(0.4, b.slice/5)
	}
	return b.slice / 5
}

// asker returns what asks a side, and with several threads lets it come to rest
// before anybody else has a turn.
func (b *bench) asker(on *side) asker {
	return func(q request) (reply, error) {
		a, err := on.ask(q)
		if err == nil && b.threads > 1 {
			_, err = on.ask(request{Op: "rest"})
		}
		return a, err
	}
}

// perCall returns the seconds of a call. With one thread that is the time that
// the processor spent on it: the same as what passes on the wall when nobody
// else is there, and better than it when somebody is.
func (b *bench) perCall(a reply) float64 {
	if b.threads == 1 {
		return a.CPU / float64(a.Calls)
	}
	return a.Wall / float64(a.Calls)
}

// best returns a peer in the setting in which it is fastest, after comparing
// its result with ours.
func (b *bench) best(c benchCase, p peer, want float64) (best series, apart float64, err error) {
	candidates := b.candidates(p.module)
	for _, i := range candidates {
		on, err := b.their(i)
		if err != nil {
			return best, 0, err
		}
		a, err := b.asker(on)(request{Op: "check", Spec: c.spec, Variant: p.variant, Runs: checkRuns(c.spec)})
		if err != nil {
			return best, 0, fmt.Errorf("%s, %s: %w", p.name, c.name, err)
		}
		d, err := compare(p, a.Value, want)
		if err != nil {
			return best, 0, fmt.Errorf("%s, %s, %s: %w", p.name, c.name, b.settings[i].name, err)
		}
		apart = max(apart, d)
	}
	if len(candidates) == 1 {
		return series{peer: p, ask: b.asker(b.theirs[0])}, apart, nil
	}
	i, err := b.fastest(c, p, candidates)
	return series{peer: p, setting: b.settings[i].name, ask: b.asker(b.theirs[i])}, apart, err
}

// compare returns how far a peer's result is from ours, relatively, and an
// error if that is too far for the same work.
func compare(p peer, got, want float64) (apart float64, err error) {
	apart = math.Abs(got-want) / math.Abs(want)
	if !(apart <= tolerance(p)) {
		return apart, fmt.Errorf("does not do the same work: its result is %.17g, ours %.17g", got, want)
	}
	return apart, nil
}

// fastest returns the candidate with the least median time of a call; the
// first, which are the defaults, unless another is faster by more than chance.
func (b *bench) fastest(c benchCase, p peer, candidates []int) (int, error) {
	const rounds = 5
	times := make([][]float64, len(candidates))
	for range rounds {
		for k, i := range candidates {
			a, err := b.time(b.asker(b.theirs[i]), request{Spec: c.spec, Variant: p.variant, Warm: b.warm(), Seconds: b.slice / 3})
			if err != nil {
				return 0, err
			}
			times[k] = append(times[k], b.perCall(a))
		}
	}
	least, at := 0.97*quantile(times[0], 0.5), 0
	for k := range candidates {
		if t := quantile(times[k], 0.5); t < least {
			least, at = t, k
		}
	}
	return candidates[at], nil
}

// median returns the median time of a call.
func (s series) median() float64 { return quantile(s.seconds, 0.5) }

// ratio returns the median of a peer's time by ours over the rounds, and half
// the distance of the quartiles by the median.
func (r *row) ratio(s series) (times, spread float64) { return s.by(r.ours) }

func (s series) by(ours series) (times, spread float64) {
	q := make([]float64, len(s.seconds))
	for i := range q {
		q[i] = s.seconds[i] / ours.seconds[i]
	}
	times = quantile(q, 0.5)
	return times, (quantile(q, 0.75) - quantile(q, 0.25)) / 2 / times
}

// quantile interpolates between the sorted values.
func quantile(values []float64, p float64) float64 {
	v := slices.Sorted(slices.Values(values))
	at := p * float64(len(v)-1)
	i := min(int(at), len(v)-1)
	j := min(i+1, len(v)-1)
	return v[i] + (at-float64(i))*(v[j]-v[i])
}
