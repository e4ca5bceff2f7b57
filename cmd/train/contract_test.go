package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/internal/reference"
)

// certified is what the test needs of a certified fit.
type certified struct {
	Data struct {
		CSV string
		X   []string
		Y   string
	}
	Classes        []string
	ReferenceClass string   `json:"reference_class"`
	CoefRows       []string `json:"coef_rows"`
	Terms          []string
	Certified      struct {
		Coef       [][]float64
		Symmetric  struct{ Coef [][]float64 }
		LogLik     float64
		LogLikNull float64 `json:"loglik_null"`
		N          float64
		Rows       int
	}
}

// answer is the contract of fit --json, as a script reads it.
type answer struct {
	Model, Status, Stopped, Reference string

	N              float64
	Rows, Epochs   int
	Classes, Terms []string
	CoefRows       []string `json:"coef_rows"`
	Coef           [][]float64
	Symmetric      struct{ Coef [][]float64 }

	Objective, LogLik, Loss float64
	LogLikNull              float64 `json:"loglik_null"`
	MaxGradient             float64 `json:"max_gradient"`

	Certificate struct {
		Gap      float64 `json:"objective_gap"`
		Distance float64 `json:"coef_distance"`
		Holds    bool
		Why      string
	}

	Layers     []int
	Activation string
	Metrics    map[string]any
	HeldOut    map[string]any `json:"held_out"`
	History    []map[string]float64
}

// Gradient descent through the command line ends at the maximum-likelihood
// estimate, and knows how near.
func TestConformanceFitJSON(t *testing.T) {
	cases := reference.Files[certified](t, "fits")
	dir, err := filepath.Abs(reference.Dir(t))
	if err != nil {
		t.Fatal(err)
	}
	passed, ids := 0, []string{"iris2", "cancer10", "wine-3", "penguins-2"}
	for _, id := range ids {
		if t.Run(id, func(t *testing.T) {
			want, ok := cases[id]
			if !ok {
				t.Fatalf("no reference fit %s", id)
			}
			c := want.Certified
			got := fitResult[answer](t, filepath.Join(dir, want.Data.CSV), "--target", want.Data.Y,
				"--features", strings.Join(want.Data.X, ","), "--reference", want.ReferenceClass, "--solver", "accelerated")
			kind := "logistic"
			if len(want.Classes) > 2 {
				kind = "multinomial"
			}
			if got.Model != kind || got.Stopped != "converged" || got.Reference != want.ReferenceClass || got.Status != "overlap" {
				t.Errorf("model %q, stopped %q, reference %q, status %q", got.Model, got.Stopped, got.Reference, got.Status)
			}
			if !slices.Equal(got.Terms, want.Terms) || !slices.Equal(got.CoefRows, want.CoefRows) || !slices.Equal(got.Classes, want.Classes) {
				t.Errorf("terms %q, rows %q, classes %q", got.Terms, got.CoefRows, got.Classes)
			}
			if got.N != c.N || got.Rows != c.Rows {
				t.Errorf("n %g, rows %d; want %g and %d", got.N, got.Rows, c.N, c.Rows)
			}
			if p := got.Certificate; !p.Holds || !(p.Gap < 1e-6) || !(p.Distance < 1e-2) {
				t.Errorf("certificate %+v", p)
			}
			coef, symmetric := digits(got.Coef, c.Coef), digits(got.Symmetric.Coef, c.Symmetric.Coef)
			loglik := digits([][]float64{{got.LogLik, -got.Objective, got.LogLikNull}}, [][]float64{{c.LogLik, c.LogLik, c.LogLikNull}})
			t.Logf("coefficients %.1f digits, symmetric %.1f, log-likelihoods %.1f", coef, symmetric, loglik)
			if coef < 6 || symmetric < 6 || loglik < 13 {
				t.Errorf("coefficients %.1f digits, symmetric %.1f, log-likelihoods %.1f", coef, symmetric, loglik)
			}
			if got.History != nil || got.Epochs == 0 || got.MaxGradient > 1e-12 {
				t.Errorf("%d steps, %d of them in a history; gradient %g", got.Epochs, len(got.History), got.MaxGradient)
			}
		}) {
			passed++
		}
	}
	fmt.Printf("conformance: cmd/train/fit-json %d/%d\n", passed, len(ids))
}

// digits is the number of correct digits of the worst entry.
func digits(got, want [][]float64) float64 {
	if len(got) != len(want) {
		return 0
	}
	worst := 16.0
	for k, row := range want {
		if len(got[k]) != len(row) {
			return 0
		}
		for j, w := range row {
			worst = min(worst, -math.Log10(math.Abs(got[k][j]-w)/math.Abs(w)))
		}
	}
	return worst
}

// The demonstration: a network separates what no straight line can.
func TestNetworkBeatsLogisticRegression(t *testing.T) {
	for _, set := range []string{"moons", "xor"} {
		line := fitResult[answer](t, set, "--held-out", "0.3")
		network := fitResult[answer](t, set, "--held-out", "0.3", "--hidden", "32,16")
		l, n := line.HeldOut["accuracy"].(float64), network.HeldOut["accuracy"].(float64)
		t.Logf("%s: held-out accuracy %.3f without and %.3f with hidden layers; log-loss %.3f and %.3f nats",
			set, l, n, line.HeldOut["log_loss"], network.HeldOut["log_loss"])
		if n < 0.95 || n < l+0.05 {
			t.Errorf("%s: accuracy %.3f without and %.3f with hidden layers", set, l, n)
		}
		if network.Model != "mlp" || !slices.Equal(network.Layers, []int{2, 32, 16, 1}) || network.Activation != "relu" {
			t.Errorf("%s: model %q, layers %v, activation %q", set, network.Model, network.Layers, network.Activation)
		}
		if network.Coef != nil || network.Epochs != 100 || len(network.History) != 100 || network.Stopped != "completed" {
			t.Errorf("%s: coefficients %v, %d epochs, stopped %q", set, network.Coef, network.Epochs, network.Stopped)
		}
		if got := network.Metrics["log_loss"].(float64); math.Abs(got-network.Loss) > 1e-12 {
			t.Errorf("%s: loss %g, log-loss %g", set, network.Loss, got)
		}
	}
}

// A reader of the JSON never meets null but for what is not identified, and every
// fit has the same first fields.
func TestFitJSONHasNoNull(t *testing.T) {
	always := []string{"model", "solver", "n", "rows", "classes", "terms", "loglik_null"}
	estimate := []string{"status", "certificate", "objective", "loglik", "loss", "coef_rows", "coef", "symmetric", "metrics"}
	likelihood := []string{
		"level", "se", "z", "p", "ci_low", "ci_high", "cov", "aic", "bic", "deviance", "null_deviance", "mcfadden_r2",
		"cox_snell_r2", "nagelkerke_r2", "lr_stat", "lr_df", "lr_p", "df_resid",
	}
	missing := []string{"status", "coef_rows", "coefficient", "separating_direction", "sup_loglik", "finite_part", "saved_model"}
	training := []string{"metrics", "stopped", "epochs", "objective", "loglik"}
	for _, c := range []struct {
		args   []string
		fields [][]string
	}{
		{[]string{"iris2"}, [][]string{estimate, likelihood}},
		{[]string{"iris2", "--no-intercept", "--standardize", "--profile", "--tests", "--odds-ratio"}, [][]string{estimate, likelihood, {"profile", "tests", "odds_ratio"}}},
		{[]string{"iris", "--features", "sepal_length", "--robust"}, [][]string{estimate, likelihood, {"robust"}}},
		{[]string{"iris", "--penalty", "l2"}, [][]string{estimate, {"penalty", "C"}}},
		{[]string{"iris2", "--class-weight", "balanced"}, [][]string{estimate}},
		{[]string{"iris"}, [][]string{missing}},
		{[]string{"iris2", "--solver", "accelerated"}, [][]string{estimate, training, {"max_gradient"}}},
		{[]string{"iris", "--solver", "sgd", "--epochs", "2"}, [][]string{missing, training, {"history"}}},
		{[]string{"iris", "--solver", "sgd", "--epochs", "2", "--label-smoothing", "0.1"}, [][]string{estimate, training, {"history"}}},
		{[]string{"penguins", "--hidden", "4", "--epochs", "2", "--held-out", "0.2", "--patience", "1"}, [][]string{training, {"held_out", "history"}}},
	} {
		fields := fitResult[map[string]any](t, c.args...)
		if part, ok := fields["finite_part"]; ok && len(part.(map[string]any)) == 2 {
			fields["finite_part"] = true // has null where nothing is identified
		}
		walk(t, strings.Join(c.args, " "), fields)
		for _, name := range slices.Concat(append(c.fields, always)...) {
			if _, ok := fields[name]; !ok {
				t.Errorf("%q: no field %s", c.args, name)
			}
		}
	}
}

func walk(t *testing.T, path string, v any) {
	switch v := v.(type) {
	case nil:
		t.Errorf("%s is null", path)
	case map[string]any:
		for name, x := range v {
			walk(t, path+"."+name, x)
		}
	case []any:
		for _, x := range v {
			walk(t, path+"[]", x)
		}
	}
}
