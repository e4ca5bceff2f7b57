package main

import (
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/mle"
)

// likelihoodJSON is what the file of fit --json has for models without hidden
// layers, beside the coefficients.
type likelihoodJSON struct {
	Certificate *certificateJSON `json:"certificate,omitempty"`
	Iterations  int              `json:"iterations,omitempty"`
	Passes      *metrics.Number  `json:"passes,omitempty"` // over the rows
	Penalty     string           `json:"penalty,omitempty"`
	C           *metrics.Number  `json:"C,omitempty"`
	L1Ratio     *metrics.Number  `json:"l1_ratio,omitempty"`
	CV          *cvJSON          `json:"cv,omitempty"`

	Level       *metrics.Number    `json:"level,omitempty"`
	Robust      string             `json:"robust,omitempty"`
	SE          [][]metrics.Number `json:"se,omitempty"`
	Z           [][]metrics.Number `json:"z,omitempty"`
	P           [][]metrics.Number `json:"p,omitempty"`
	Low         [][]metrics.Number `json:"ci_low,omitempty"`
	High        [][]metrics.Number `json:"ci_high,omitempty"`
	Cov         any                `json:"cov,omitempty"` // a matrix; of several labels one each
	Profile     *intervalsJSON     `json:"profile,omitempty"`
	OddsRatio   *ratiosJSON        `json:"odds_ratio,omitempty"`
	Tests       []testJSON         `json:"tests,omitempty"`
	HauckDonner *[]place           `json:"hauck_donner,omitempty"`

	LogLikBinomial *metrics.Number `json:"loglik_binomial,omitempty"` // as R has them
	AICBinomial    *metrics.Number `json:"aic_binomial,omitempty"`

	ByLabel      []labelJSON     `json:"by_label,omitempty"`
	AIC          *metrics.Number `json:"aic,omitempty"`
	BIC          *metrics.Number `json:"bic,omitempty"`
	Deviance     *metrics.Number `json:"deviance,omitempty"`
	NullDeviance *metrics.Number `json:"null_deviance,omitempty"`
	Pearson      *metrics.Number `json:"pearson_chi2,omitempty"`
	McFadden     *metrics.Number `json:"mcfadden_r2,omitempty"`
	CoxSnell     *metrics.Number `json:"cox_snell_r2,omitempty"`
	Nagelkerke   *metrics.Number `json:"nagelkerke_r2,omitempty"`
	LRStat       *metrics.Number `json:"lr_stat,omitempty"`
	LRDF         *int            `json:"lr_df,omitempty"`
	LRP          *metrics.Number `json:"lr_p,omitempty"`
	DFResid      *metrics.Number `json:"df_resid,omitempty"`

	missingJSON
}

// missingJSON is what there is instead of an estimate.
type missingJSON struct {
	Proof       string             `json:"proof,omitempty"`
	LabelStatus []string           `json:"label_status,omitempty"`
	Coefficient [][]string         `json:"coefficient,omitempty"`
	Direction   [][]metrics.Number `json:"separating_direction,omitempty"`
	SupLogLik   *metrics.Number    `json:"sup_loglik,omitempty"`
	FinitePart  *finiteJSON        `json:"finite_part,omitempty"`
	Contrasts   []contrastJSON     `json:"finite_contrasts,omitempty"`
	MinimumNorm [][]metrics.Number `json:"minimum_norm_coef,omitempty"`
	Separated   *int               `json:"separated,omitempty"`
	SeparatedAt any                `json:"separated_rows,omitempty"` // numbers of rows; of several labels a list each
	Lines       any                `json:"separated_lines,omitempty"`
	Aliased     []aliasJSON        `json:"aliased,omitempty"`
	SavedModel  *savedJSON         `json:"saved_model,omitempty"`
}

type certificateJSON struct {
	Gap            *metrics.Number `json:"objective_gap,omitempty"`
	Distance       *metrics.Number `json:"coef_distance,omitempty"`
	ObjectiveError *metrics.Number `json:"objective_error,omitempty"`
	Digits         *metrics.Number `json:"digits,omitempty"`
	Holds          bool            `json:"holds"`
	Method         string          `json:"method,omitempty"`
	Why            string          `json:"why,omitempty"`
}

type intervalsJSON struct {
	Low  [][]metrics.Number `json:"ci_low"`
	High [][]metrics.Number `json:"ci_high"`
}

type ratiosJSON struct {
	Ratio [][]metrics.Number `json:"ratio"`
	Low   [][]metrics.Number `json:"ci_low,omitempty"`
	High  [][]metrics.Number `json:"ci_high,omitempty"`
}

type testJSON struct {
	Feature string          `json:"feature"`
	Ratio   *metrics.Number `json:"lr_stat,omitempty"`
	RatioDF *int            `json:"lr_df,omitempty"`
	RatioP  *metrics.Number `json:"lr_p,omitempty"`
	Wald    *metrics.Number `json:"wald_stat,omitempty"`
	WaldDF  *int            `json:"wald_df,omitempty"`
	WaldP   *metrics.Number `json:"wald_p,omitempty"`
}

// finiteJSON has null for what is not identified.
type finiteJSON struct {
	Coef [][]*metrics.Number `json:"coef"`
	SE   [][]*metrics.Number `json:"se"`
}

// contrastJSON has null for what is not identified.
type contrastJSON struct {
	Class   string            `json:"class"`
	Against string            `json:"against"`
	Coef    []*metrics.Number `json:"coef"`
	SE      []*metrics.Number `json:"se"`
}

type aliasJSON struct {
	Term     string `json:"term"`
	Relation string `json:"relation"`
}

// savedJSON is the model file, where its coefficients are no estimate.
type savedJSON struct {
	Penalty     string             `json:"penalty,omitempty"`
	C           *metrics.Number    `json:"C,omitempty"`
	Objective   *metrics.Number    `json:"objective,omitempty"`
	CoefRows    []string           `json:"coef_rows"`
	Coef        [][]metrics.Number `json:"coef"`
	Certificate *certificateJSON   `json:"certificate,omitempty"`
}

// strength returns the weight of the likelihood beside the penalty.
func strength(o mle.Options) float64 {
	if o.C == 0 {
		return 1
	}
	return o.C
}

func certificateOf(c *mle.Certificate) *certificateJSON {
	if !c.Holds {
		return &certificateJSON{Method: c.Method, Why: c.Why}
	}
	return &certificateJSON{
		Gap: defined(c.Gap), Distance: defined(c.Distance), ObjectiveError: defined(c.ObjectiveError),
		Digits: defined(digitsOf(c.Distance)), Holds: true, Method: c.Method,
	}
}

// json returns the result for scripts.
func (l *likelihood) json() *fitJSON {
	j := l.describe()
	j.N, j.Rows = metrics.Number(l.total()), l.train.Len()
	j.Model, j.Solver = l.kindName(), l.solverName()
	j.likelihoodJSON = &likelihoodJSON{CV: l.choice.json()}
	e := l.estimate
	j.LogLikNull = defined(l.null)
	if l.model != nil {
		j.Metrics, j.HeldOut = &l.training, l.held
	}
	if l.missing != nil {
		j.Status, j.Terms = l.missing.status.String(), l.missing.terms
		j.Objective, j.Certificate = defined(-l.missing.supremum), l.missing.certificate()
		l.missing.fill(j)
		if e != nil {
			j.SavedModel = &savedJSON{e.Options.Penalty.String(), defined(e.Options.C), defined(e.Objective), e.Rows, numbers(e.Coef), certificateOf(&e.Certificate)}
		}
		return j
	}
	j.Status, j.Terms, j.Iterations = mle.Overlap.String(), e.Terms, e.Iterations
	j.Passes = defined(e.Passes)
	if e.Classes != nil {
		j.Classes = e.Classes
	}
	j.Standardized, j.Certificate = l.settings.Standardize, certificateOf(&e.Certificate)
	j.Objective, j.LogLik = defined(e.Objective), defined(l.loglik())
	labels := float64(max(1, len(e.Labels)))
	j.Loss = defined(e.Objective / (e.Total * labels))
	if e.Options.Penalty != mle.None {
		j.Penalty, j.C = e.Options.Penalty.String(), defined(strength(e.Options))
		if e.Options.Penalty == mle.ElasticNet {
			j.L1Ratio = defined(e.Options.L1Ratio)
		}
		j.Loss = defined(-l.loglik() / (l.total() * labels))
	}
	j.CoefRows, j.Coef = e.Rows, numbers(e.Coef)
	if s := e.Symmetric(); s != nil {
		j.Symmetric = &symmetricJSON{Coef: numbers(s)}
	}
	l.inference.fill(j, &l.settings, e)
	return j
}

// fill puts what the likelihood says into j.
func (i *inference) fill(j *fitJSON, s *settings, e *mle.Estimate) {
	if t := i.table; t != nil {
		j.Level = defined(t.Level)
		j.SE, j.Z, j.P, j.Low, j.High = numbers(t.StdErr), numbers(t.Z), numbers(t.P), numbers(t.Low), numbers(t.High)
		if s.Robust {
			j.Robust = t.Robust.String()
		}
		all := make([][][]metrics.Number, len(i.covs))
		for k, c := range i.covs {
			all[k] = numbers(c)
		}
		j.Cov = all
		if e.Labels == nil {
			j.Cov = all[0]
		}
	}
	if i.symmetric != nil {
		j.Symmetric.SE = numbers(i.symmetric.StdErr)
	}
	if i.profile != nil {
		j.Profile = &intervalsJSON{numbers(i.profile.low), numbers(i.profile.high)}
	}
	if s.OddsRatio {
		ratio, low, high := i.ratios(e)
		j.OddsRatio = &ratiosJSON{Ratio: numbers(ratio)}
		if low != nil {
			j.OddsRatio.Low, j.OddsRatio.High = numbers(low), numbers(high)
		}
	}
	j.Tests = i.tests.json()
	j.HauckDonner = i.warning.json()
	j.ByLabel = labelsJSON(e.Rows, i.byLabel)
	if m := i.summary; m != nil {
		j.LogLikNull = defined(m.Null)
		if m.Binomial != 0 {
			j.LogLikBinomial, j.AICBinomial = defined(m.LogLik+m.Binomial), defined(m.AIC-2*m.Binomial)
		}
		j.AIC, j.BIC = defined(m.AIC), defined(m.BIC)
		j.Deviance, j.NullDeviance, j.Pearson = defined(m.Deviance), defined(m.NullDeviance), defined(m.Pearson)
		j.McFadden, j.CoxSnell, j.Nagelkerke = defined(m.McFadden), defined(m.CoxSnell), defined(m.Nagelkerke)
		j.LRStat, j.LRDF, j.LRP = defined(m.Ratio.Statistic), &m.Ratio.DF, defined(m.Ratio.P)
		j.DFResid = defined(m.DFResidual)
	}
}

// certificate says why there is none.
func (m *missing) certificate() *certificateJSON {
	return &certificateJSON{Why: "there is no maximum-likelihood estimate (" + m.status.String() + ")"}
}

// fill puts what there is instead of an estimate into j.
func (m *missing) fill(j *fitJSON) {
	j.SupLogLik = defined(m.supremum)
	separated, found := 0, false
	for _, p := range m.parts {
		x := p.existence
		if p.label != "" {
			j.LabelStatus = append(j.LabelStatus, x.Status.String())
		} else {
			j.Proof = x.Proof
			j.Classes = p.estimate.Classes
		}
		separated, found = separated+len(x.Separated), found || x.Direction != nil
		for _, a := range x.Aliased {
			if alias := (aliasJSON{a.Term, a.Relation}); !slices.Contains(j.Aliased, alias) {
				j.Aliased = append(j.Aliased, alias)
			}
		}
	}
	if found {
		j.Separated, j.SeparatedAt, j.Lines = &separated, m.separatedRows(), m.separatedLines()
	}
	j.CoefRows = m.rows
	for _, row := range m.signs {
		texts := make([]string, len(row))
		for t, sign := range row {
			texts[t] = sign.String()
		}
		j.Coefficient = append(j.Coefficient, texts)
	}
	if m.direction != nil {
		j.Direction = numbers(m.direction)
	}
	if m.profile != nil {
		j.Level = defined(m.level)
		j.Profile = &intervalsJSON{numbers(m.profile.low), numbers(m.profile.high)}
	}
	j.Tests = m.tests.json()
	j.Contrasts = m.contrastsJSON()
	if m.minimum != nil {
		j.MinimumNorm = numbers(m.minimum)
	}
	if m.status == mle.RankDeficient {
		j.LogLik = defined(m.supremum)
	}
	if m.finite != nil {
		j.FinitePart = &finiteJSON{identified(m.finite), identified(m.finiteSE)}
	}
}

// identified returns the numbers of a matrix, nil for NaN.
func identified(m mat.Matrix) [][]*metrics.Number {
	var all [][]*metrics.Number
	for _, row := range numbers(m) {
		entries := make([]*metrics.Number, len(row))
		for i := range row {
			if row[i].Defined() {
				entries[i] = &row[i]
			}
		}
		all = append(all, entries)
	}
	return all
}
