package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

//go:embed fits.R
var rScript string

// rVersion returns the version of R that the command runs; "" if there is none.
func rVersion(rscript string) string {
	if rscript == "" {
		return ""
	}
	out, err := exec.Command(rscript, "--vanilla", "-e", "cat(as.character(getRversion()))").Output()
	if err != nil {
		return ""
	}
	return string(out)
}

// askR runs R in setting i for a fit: every request is a process of its own,
// which measures itself once it has the data.
func (s *sides) askR(i int, q request) (reply, error) {
	f := q.Spec.Fit
	c := exec.Command(s.rscript, "--vanilla", "-", f.X, f.Y, strconv.Itoa(q.Spec.Rows), strconv.Itoa(q.Spec.Cols), q.Variant,
		strconv.FormatBool(f.Table), fmt.Sprint(f.Tol), strconv.Itoa(f.MaxIter), fmt.Sprint(q.Seconds))
	c.Env = append(os.Environ(), s.settings[i].env...)
	c.Stdin = strings.NewReader(rScript)
	out, err := c.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return reply{}, fmt.Errorf("%s: %w: %s", s.rscript, err, exit.Stderr)
	} else if err != nil {
		return reply{}, err
	}
	return parseR(string(out))
}

// parseR reads what fits.R prints.
func parseR(out string) (reply, error) {
	numbers := make([]float64, 0, 3)
	for _, field := range strings.Fields(out) {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return reply{}, fmt.Errorf("answer %q of R: %w", out, err)
		}
		numbers = append(numbers, v)
	}
	if len(numbers) < 4 {
		return reply{}, fmt.Errorf("answer %q of R: not four numbers", out)
	}
	return reply{Calls: int(numbers[0]), CPU: numbers[1], Wall: numbers[2], Coef: numbers[3:]}, nil
}
