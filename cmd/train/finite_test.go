package main

import (
	"reflect"
	"strings"
	"testing"
)

// No flag with a number takes one that is not finite; a new flag is tested
// because it is a field of settings.
func TestNumbersAreFinite(t *testing.T) {
	t.Chdir(t.TempDir())
	tested := 0
	for i, name := range settingNames() {
		switch reflect.TypeFor[settings]().Field(i).Type {
		case reflect.TypeFor[float64](), reflect.TypeFor[*float64](), reflect.TypeFor[list[float64]]():
		default:
			continue
		}
		tested++
		for _, value := range []string{"nan", "inf", "-inf", "+Infinity"} {
			out := train("fit", "no-such-table.csv", "--target", "y", "--"+name, value)
			if out.code != statusUsage || !strings.Contains(out.stderr, "--"+name) || !strings.Contains(out.stderr, "finite") {
				t.Errorf("--%s %s: status %d: %s", name, value, out.code, out.stderr)
			}
		}
	}
	if tested < 15 {
		t.Errorf("only %d flags with numbers were found", tested)
	}
}
