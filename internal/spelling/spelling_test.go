package spelling

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"iris", "iris2", "wine", "cancer", "penguins", "digits", "epochs", "naïve", "y"}
	for name, want := range map[string]string{
		"irsi": "iris", "iris3": "iris", "penguin": "penguins", "pengiuns": "penguins", "Wine": "wine", "epoch": "epochs", "naive": "naïve",
		"patients": "", "moons": "", "data/iris.csv": "", "": "", "x": "", "iris": "iris",
	} {
		if got, ok := Nearest(name, names); got != want || ok != (want != "") {
			t.Errorf("%q: nearest %q, want %q", name, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 1}, {"abc", "ca", 3}, {"ü", "u", 1}} {
		if got := distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance([]rune(c.b), []rune(c.a)); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
