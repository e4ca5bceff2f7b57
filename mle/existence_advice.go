package mle

import (
	"fmt"
	"strings"
)

// Exists reports whether the maximum-likelihood estimate exists and is unique.
func (x *Existence) Exists() bool { return x.Status == Overlap }

// Advice says in a few sentences what the status means and what to do about it.
func (x *Existence) Advice() string {
	var b strings.Builder
	const penalise = " Fit with a penalty (l2 or logf), which makes all coefficients finite, or leave out or merge the columns that separate." +
		" A penalty shrinks the other coefficients, too, most those that are large in the units of their columns: standardise the columns."
	switch x.Status {
	case Overlap:
		return "The maximum-likelihood estimate exists and is unique."
	case Complete:
		b.WriteString("The classes are completely separated: a combination of the columns tells every observation's class, the likelihood approaches 1, and no finite coefficients reach it." + penalise)
	case QuasiComplete:
		fmt.Fprintf(&b, "The classes are separated in part: along a direction of the coefficients the likelihood increases for ever, towards exp(%.6g). %d observations are predicted with certainty there; the coefficients that stay finite and their standard errors come from the others.", x.SupLogLik, len(x.Separated))
		b.WriteString(penalise)
	case RankDeficient:
		b.WriteString("The columns are linearly dependent: many coefficients reach the same maximum of the likelihood, with the same probabilities.")
	case OneClass:
		b.WriteString("All observations are of one class: the intercept alone predicts them, and nothing can be learnt from the columns.")
	}
	b.WriteString(x.relations())
	return b.String()
}

// relations says which columns depend on others, those of which no more is known
// together.
func (x *Existence) relations() string {
	var relations, terms []string
	for _, a := range x.Aliased {
		if a.Relation == a.Term+unreadable {
			terms = append(terms, a.Term)
		} else {
			relations = append(relations, a.Relation)
		}
	}
	var text string
	if len(relations) > 0 {
		text = " Leave out one column of each relation: " + strings.Join(relations, "; ") + "."
	}
	switch n := len(terms); {
	case n == 1:
		text += " Leave out " + terms[0] + ", which" + unreadable + "."
	case n > 1:
		text += " Leave out " + strings.Join(terms[:n-1], ", ") + " and " + terms[n-1] + ", which are linear combinations of the columns before them."
	}
	return text
}
