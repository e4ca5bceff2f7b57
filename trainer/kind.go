package trainer

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/datasets"
)

// Kind is the kind of a classifier's target, and with it the likelihood whose
// negative logarithm is the loss.
type Kind uint8

const (
	Binary     Kind = iota // one logit, a Bernoulli distribution: logistic regression when linear
	Multiclass             // a logit per class, a categorical distribution: multinomial logistic regression when linear
	Multilabel             // a logit per label, independent Bernoulli distributions
)

var kindNames = []string{"logistic", "multinomial", "multilabel"}

// String names the linear model of the kind: "logistic", "multinomial" or
// "multilabel".
func (k Kind) String() string { return kindNames[k] }

// KindOf returns the kind that the target of a schema asks for, and the number
// of logits. It returns an error if there are fewer than two classes.
func KindOf(s *datasets.Schema) (kind Kind, logits int, err error) {
	switch {
	case s.Labels != nil:
		return Multilabel, len(s.Labels), nil
	case s.Successes != "" || len(s.Classes) == 2:
		return Binary, 1, nil
	case len(s.Classes) > 2:
		return Multiclass, len(s.Classes), nil
	}
	return 0, 0, fmt.Errorf("target %q has %d class(es); a classifier needs two or more", s.Target, len(s.Classes))
}
