package plots

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// signature ends an SVG file of Save.
const signature = "<!-- drawn by package plots -->\n"

// Foreign returns the first of the files of a name in a folder that Save has not
// written, "" if there is none: an SVG without its signature, or a PNG beside no
// SVG that has it.
func Foreign(folder, name string) (string, error) {
	files := Files(folder, name)
	data, err := os.ReadFile(files[0])
	switch {
	case err == nil && bytes.HasSuffix(data, []byte(signature)):
		return "", nil
	case err == nil:
		return files[0], nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	if _, err := os.Lstat(files[1]); err == nil {
		return files[1], nil
	}
	return "", nil
}

// Save writes a figure as an SVG and a PNG file, named after it, into a folder,
// which is made if it is not there. Each file appears whole or not at all, and
// replaces what is there; [Foreign] says whether that is of others.
func Save(folder string, f *figure.Figure) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	files := Files(folder, f.Name)
	if err := atomicfile.Write(files[0], func(w io.Writer) error {
		if err := f.SVG(w); err != nil {
			return err
		}
		_, err := io.WriteString(w, signature)
		return err
	}); err != nil {
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
