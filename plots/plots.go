package plots

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/internal/atomicfile"
)

// Names of the figures, which are the stems of their files.
const (
	TrainingCurveName   = "training_curve"
	AccuracyCurveName   = "accuracy_curve"
	CrossValidationName = "cross_validation"
	BoundaryName        = "decision_boundary"
	CoefficientsName    = "coefficients"
	ConfusionName       = "confusion_matrix"
	ReliabilityName     = "reliability_diagram"
	ROCName             = "roc_curve"
	PrecisionRecallName = "precision_recall_curve"
)

// Names lists the names of all figures.
func Names() []string {
	return []string{TrainingCurveName, AccuracyCurveName, CrossValidationName, BoundaryName, CoefficientsName,
		ConfusionName, ReliabilityName, ROCName, PrecisionRecallName}
}

// InapplicableError says why there is nothing to draw.
type InapplicableError struct{ Why string }

func (e *InapplicableError) Error() string { return "plots: nothing to draw: " + e.Why }

func inapplicable(format string, args ...any) error {
	return &InapplicableError{fmt.Sprintf(format, args...)}
}

// Files returns the paths of the files that Save writes for a figure of a name.
func Files(folder, name string) []string {
	return []string{filepath.Join(folder, name+".svg"), filepath.Join(folder, name+".png")}
}

// Save writes a figure as an SVG and a PNG file, named after it, into a folder,
// which is made if it is not there. Each file appears whole or not at all.
func Save(folder string, f *figure.Figure) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	files := Files(folder, f.Name)
	if err := atomicfile.Write(files[0], f.SVG); err != nil {
		return err
	}
	return atomicfile.Write(files[1], f.PNG)
}

// most is how many classes or labels have a colour of their own.
const most = 6

// dotted is the size up to which a line shows every number as a dot as well.
const dotted = 40

// digits writes x with so many significant digits and a true minus sign.
func digits(n int, x float64) string {
	return strings.Replace(fmt.Sprintf("%.*g", n, x), "-", "−", 1)
}

// plural returns "1 row", "2 rows".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
