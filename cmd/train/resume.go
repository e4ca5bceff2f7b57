package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/surprisal-ml/surprisal/trainer"
)

// resume brings a run to where a checkpoint file says.
func (t *task) resume(tr *trainer.Trainer, path string) error {
	c, err := trainer.LoadCheckpoint(path)
	if err != nil {
		return err
	}
	if done := c.Progress.Epoch; done > *t.settings.Epochs {
		return fmt.Errorf("%s: the checkpoint has done %s; give --epochs %d or more", path, plural(done, "epoch"), done)
	}
	err = tr.Resume(c)
	var mismatch *trainer.MismatchError
	if errors.As(err, &mismatch) {
		err = t.explain(mismatch, c.Settings)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// explain says in words of flags how the run differs from that of a checkpoint.
func (t *task) explain(m *trainer.MismatchError, settings json.RawMessage) error {
	now, err := json.Marshal(t.settings)
	if err != nil {
		return err
	}
	was, is := map[string]any{}, map[string]any{}
	if json.Unmarshal(settings, &was) != nil || json.Unmarshal(now, &is) != nil {
		return m // a checkpoint that another program wrote
	}
	var differences []string
	for _, flag := range settingNames() {
		before, after := inWords(was[flag]), inWords(is[flag])
		switch {
		case before == after:
		case flag == "data":
			differences = append(differences, fmt.Sprintf("the data were %s, are %s", before, after))
		case flag == "epochs" && m.What != "schedule": // may differ
		default:
			differences = append(differences, fmt.Sprintf("--%s was %s, is %s", flag, before, after))
		}
	}
	if len(differences) > 0 {
		return fmt.Errorf("the checkpoint is of another run: %s", strings.Join(differences, "; "))
	}
	if slices.Contains([]string{"rows", "held-out rows", "terms", "outputs", "digest of the data"}, m.What) {
		return fmt.Errorf("the data of %s have changed since the checkpoint: %s was %s, is %s", t.data.Name, m.What, m.Was, m.Is)
	}
	return m
}

// inWords is the value of a setting as one would type it.
func inWords(value any) string {
	switch v := value.(type) {
	case nil:
		return "not given"
	case string:
		return v
	case bool:
		return "given"
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = inWords(v[i])
		}
		return strings.Join(words, ",")
	}
	return fmt.Sprint(value)
}
