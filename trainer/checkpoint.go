package trainer

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/surprisal-ml/surprisal/internal/atomicfile"
	"github.com/surprisal-ml/surprisal/optim"
)

// Checkpoint is where a run stands: a [Trainer] with the same data and
// configuration that resumes from it does, bit for bit, what the run would
// have done.
type Checkpoint struct {
	Version int `json:"version"`
	// Run describes what must be the same to resume: data, model and
	// configuration.
	Run       Fingerprint     `json:"run"`
	Progress  Progress        `json:"progress"`
	Optimizer optim.State     `json:"optimizer"`
	Settings  json.RawMessage `json:"settings,omitempty"` // what a program wants to know of the run; for the caller to fill in
	Vectors   []optim.Moment  `json:"vectors"`            // "parameters"; with early stopping "best", with Restart "previous"
}

// Fingerprint tells runs apart.
type Fingerprint struct {
	Data      string   `json:"data"` // a digest of all numbers
	Rows      int      `json:"rows"`
	Held      int      `json:"held"`
	Terms     []string `json:"terms"`
	Outputs   []string `json:"outputs"`
	Params    int      `json:"params"`
	Layers    string   `json:"layers"`
	Method    string   `json:"method"`
	Schedule  string   `json:"schedule"`
	BatchSize int      `json:"batch_size"`
	Seed      uint64   `json:"seed"`
	Options   string   `json:"options"`
}

func (t *Trainer) fingerprint() Fingerprint {
	r := Fingerprint{
		Data: t.digest(), Layers: t.layers(),
		Rows: t.train.Len(), Terms: t.c.Schema.Terms(), Outputs: t.c.Outputs(), Params: t.params.Len(),
		Method:    fmt.Sprintf("%T%+v", t.cfg.Method, t.cfg.Method),
		Schedule:  fmt.Sprintf("%T%+v", t.cfg.Schedule, t.cfg.Schedule),
		BatchSize: t.cfg.BatchSize, Seed: t.cfg.Seed,
		Options: fmt.Sprintf("%+v, per batch %v, restart %v, clip %g, tolerance %g, patience %d, dropout %g",
			t.cfg.Loss, t.cfg.PerBatch, t.cfg.Restart, t.cfg.ClipNorm, t.cfg.Tolerance, t.cfg.Patience, t.c.Net.Dropout),
	}
	if t.held != nil {
		r.Held = t.held.Len()
	}
	return r
}

// mismatch names the first difference between two runs, or returns nil.
func (r Fingerprint) mismatch(other Fingerprint) error {
	for _, f := range []struct {
		name string
		a, b any
	}{
		{"rows", r.Rows, other.Rows}, {"held-out rows", r.Held, other.Held},
		{"terms", fmt.Sprint(r.Terms), fmt.Sprint(other.Terms)}, {"outputs", fmt.Sprint(r.Outputs), fmt.Sprint(other.Outputs)},
		{"parameters", r.Params, other.Params}, {"layers", r.Layers, other.Layers}, {"optimizer", r.Method, other.Method}, {"schedule", r.Schedule, other.Schedule},
		{"batch size", r.BatchSize, other.BatchSize}, {"seed", r.Seed, other.Seed}, {"options", r.Options, other.Options},
		{"digest of the data", r.Data, other.Data},
	} {
		if f.a != f.b {
			return &MismatchError{f.name, fmt.Sprint(f.a), fmt.Sprint(f.b)}
		}
	}
	return nil
}

// MismatchError says in what a checkpoint is of another run than the one that is
// to resume from it.
type MismatchError struct{ What, Was, Is string }

func (e *MismatchError) Error() string {
	return fmt.Sprintf("the checkpoint is of another run: %s was %s, is %s", e.What, e.Was, e.Is)
}

// Checkpoint returns where the run stands.
func (t *Trainer) Checkpoint() Checkpoint {
	c := Checkpoint{Version: 1, Run: t.fingerprint(), Progress: t.at, Optimizer: t.opt.State()}
	c.Progress.History = slices.Clone(t.at.History)
	for _, v := range t.vectors() {
		c.Vectors = append(c.Vectors, optim.Moment{Name: v.name, Values: slices.Clone(*v.values)})
	}
	return c
}

type vector struct {
	name   string
	values *[]float64
}

func (t *Trainer) vectors() []vector {
	theta := t.params.Vector()
	if t.last != nil {
		theta = t.last
	}
	v := []vector{{"parameters", &theta}}
	if t.cfg.Patience > 0 {
		v = append(v, vector{"best", &t.best})
	}
	if t.cfg.Restart {
		v = append(v, vector{"previous", &t.previous})
	}
	return v
}

// Resume continues from a checkpoint. It returns a [*MismatchError], and changes
// nothing, if the checkpoint is of other data or of another configuration. The
// number of epochs may differ, but not be below that of the checkpoint.
func (t *Trainer) Resume(c Checkpoint) error {
	if c.Version != 1 {
		return fmt.Errorf("checkpoint of version %d; this program reads version 1", c.Version)
	}
	if err := c.Run.mismatch(t.fingerprint()); err != nil {
		return err
	}
	p := c.Progress
	if p.Epoch > t.cfg.Epochs {
		return fmt.Errorf("the checkpoint has done %d epochs, the run is to end after %d", p.Epoch, t.cfg.Epochs)
	}
	if p.Epoch < 0 || p.Batch < 0 || p.Batch >= t.batches.Len() || p.SinceRestart < 0 || len(p.History) != p.Epoch ||
		p.Stop != Completed && p.Stop != Converged && p.Stop != Separated ||
		p.EarlyStopping.Patience != t.cfg.Patience {
		return fmt.Errorf("the checkpoint is damaged: epoch %d, batch %d, history of %d epochs, patience %d",
			p.Epoch, p.Batch, len(p.History), p.EarlyStopping.Patience)
	}
	vectors := t.vectors()
	if len(vectors) != len(c.Vectors) {
		return fmt.Errorf("the checkpoint is damaged: %d vectors, not %d", len(c.Vectors), len(vectors))
	}
	for i, v := range vectors {
		n := len(c.Vectors[i].Values)
		if c.Vectors[i].Name != v.name || n != t.params.Len() && !(v.name == "best" && n == 0) {
			return fmt.Errorf("the checkpoint is damaged: vector %q of length %d", c.Vectors[i].Name, n)
		}
	}
	if err := t.opt.Restore(c.Optimizer); err != nil {
		return err
	}
	t.at, t.last = p, nil
	t.at.History = slices.Clone(p.History)
	copy(t.params.Vector(), c.Vectors[0].Values)
	for i, v := range vectors[1:] {
		*v.values = slices.Clone(c.Vectors[i+1].Values)
	}
	return nil
}

// Save writes the checkpoint to a file, which is replaced as a whole.
func (c Checkpoint) Save(path string) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		return json.NewEncoder(w).Encode(sealed{fmt.Sprintf("%x", sha256.Sum256(body)), body})
	})
}

// sealed is a checkpoint file: a change of any byte shows.
type sealed struct {
	SHA256     string          `json:"sha256"`
	Checkpoint json.RawMessage `json:"checkpoint"`
}

// LoadCheckpoint reads a checkpoint file.
func LoadCheckpoint(path string) (Checkpoint, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := decodeCheckpoint(data)
	if err != nil {
		if what := looksLike(bytes.NewReader(data)); what != "" && !strings.HasPrefix(what, "a checkpoint") {
			return Checkpoint{}, fmt.Errorf("%s: not a checkpoint; it looks like %s", path, what)
		}
		return Checkpoint{}, fmt.Errorf("%s: not a checkpoint, or a damaged one: %w", path, err)
	}
	return c, nil
}

func decodeCheckpoint(data []byte) (c Checkpoint, err error) {
	var s sealed
	if err := json.Unmarshal(data, &s); err != nil {
		return c, err
	}
	if s.SHA256 != fmt.Sprintf("%x", sha256.Sum256(s.Checkpoint)) {
		return c, fmt.Errorf("its contents do not have the checksum that it names")
	}
	err = json.Unmarshal(s.Checkpoint, &c)
	return c, err
}
