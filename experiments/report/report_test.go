package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/surprisal-ml/surprisal/experiments"
)

// tried are a few quick experiments, run once.
var tried = sync.OnceValues(func() ([]experiments.Outcome, error) {
	list, err := experiments.Select("entropy", "divergence", "prior", "hidden", "filesize")
	if err != nil {
		return nil, err
	}
	all := experiments.Run(context.Background(), list[:4], experiments.Options{Quick: true}, nil)
	for _, o := range all {
		err = errors.Join(err, o.Err)
	}
	return append(all, experiments.Outcome{Experiment: list[4], Err: context.Canceled}), err
})

// outcomes returns four outcomes with a result, and one that was interrupted.
func outcomes(t *testing.T) []experiments.Outcome {
	t.Helper()
	all, err := tried()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWriteMakesAllFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "report")
	all := outcomes(t)
	files, err := Write(dir, all, experiments.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	figures := 0
	for _, o := range all {
		if o.Result != nil {
			figures += len(o.Result.Figures())
		}
	}
	if len(files) != 2*figures+2 {
		t.Errorf("%d files for %d figures", len(files), figures)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", f, err)
		}
	}
	// Again into the same folder: the same bytes, and nothing besides.
	before := contents(t, dir)
	if _, err := Write(dir, all, experiments.Options{Quick: true}); err != nil {
		t.Fatal(err)
	}
	after := contents(t, dir)
	if len(before) != len(files) || len(after) != len(files) {
		t.Errorf("%d and %d files in the folder, of %d", len(before), len(after), len(files))
	}
	for name, data := range before {
		if !bytes.Equal(data, after[name]) {
			t.Errorf("%s differs the second time", name)
		}
	}
}

func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[path] = data
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWriteRefusesWhatIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below"), "/proc/report"} {
		if _, err := Write(dir, nil, experiments.Options{}); err == nil || !strings.Contains(err.Error(), "folder") {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

// Files of others keep their contents, whatever they are called.
func TestWriteLeavesForeignFilesAlone(t *testing.T) {
	for _, name := range []string{"report.html", "results.json", "figures/holiday.png"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("mine"), 0o600)); err != nil {
			t.Fatal(err)
		}
		_, err := Write(dir, nil, experiments.Options{})
		if err == nil || !strings.Contains(err.Error(), "choose another folder") {
			t.Errorf("%s: %v", name, err)
		}
		if all := contents(t, dir); len(all) != 1 || string(all[path]) != "mine" {
			t.Errorf("%s: the folder has become %q", name, all)
		}
	}
	// Beside a report they stay, of other names.
	dir := t.TempDir()
	mine := filepath.Join(dir, "figures", "holiday.png")
	if _, err := Write(dir, nil, experiments.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, outcomes(t), experiments.Options{}); err != nil {
		t.Fatal(err)
	}
	if all := contents(t, dir); string(all[mine]) != "mine" || len(all) < 10 {
		t.Errorf("%d files, mine is %q", len(all), all[mine])
	}
	// A list that leads elsewhere leads nowhere.
	elsewhere := filepath.Join(dir, "elsewhere.png")
	list := `{"experiments":[{"figures":["../elsewhere","..",".","","` + filepath.Join(dir, "elsewhere") + `"]}]}`
	if err := errors.Join(os.WriteFile(elsewhere, []byte("mine"), 0o600), os.WriteFile(filepath.Join(dir, "results.json"), []byte(list), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, nil, experiments.Options{}); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(elsewhere); err != nil || string(data) != "mine" {
		t.Errorf("%q, %v", data, err)
	}
}

// A report of fewer experiments leaves no figures of the others.
func TestWriteReplacesAnEarlierReport(t *testing.T) {
	dir := t.TempDir()
	all := outcomes(t)
	if _, err := Write(dir, all, experiments.Options{}); err != nil {
		t.Fatal(err)
	}
	files, err := Write(dir, all[:1], experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	left := contents(t, dir)
	if len(left) != len(files) {
		t.Errorf("%d files are left, of %d", len(left), len(files))
	}
	for _, name := range files {
		if left[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestJSONHasEveryNumber(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, outcomes(t), experiments.Options{Seed: 7}); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Seed        uint64
		Experiments []struct {
			Name, Claim, Verdict, Missing, Correction string
			Checks                                    []struct {
				What, Relation string
				Got, Limit     any
			}
			Tables  []struct{ Rows [][]any }
			Figures []string
		}
	}
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	e := back.Experiments
	if back.Seed != 7 || len(e) != 5 || e[0].Name != "entropy" || e[0].Verdict != "holds" || len(e[0].Checks) < 5 || len(e[0].Tables) == 0 || len(e[0].Figures) == 0 {
		t.Errorf("%+v", e[0])
	}
	if e[2].Verdict != "holds with a correction" || e[2].Correction == "" {
		t.Errorf("%+v", e[2])
	}
	if e[4].Missing != "the run was interrupted before it was finished" || e[4].Verdict != "missing" {
		t.Errorf("%+v", e[4])
	}
}

func TestPageNamesWhatIsMissing(t *testing.T) {
	var b bytes.Buffer
	if err := HTML(&b, outcomes(t), experiments.Options{}); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{"This experiment has no result: the run was interrupted before it was finished.", "Without a result, 1 of 5 claims: filesize.", `<span class="badge missing">missing</span>`, "Permission to use, copy", "Correction."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	// Nothing to load: addresses occur in licences, names and code only.
	if found := regexp.MustCompile(`(src|href)="(https?:)?//[^"]*"`).FindString(page); found != "" {
		t.Errorf("the page refers to %s", found)
	}
	if strings.Contains(page, "<mtext>") {
		t.Error("a formula has a command that is not known")
	}
}

func TestFormulas(t *testing.T) {
	for in, want := range map[string]string{
		`p`:             `<mi>p</mi>`,
		`x_{i}^{2}`:     `<msubsup><mi>x</mi><mrow><mi>i</mi></mrow><mrow><mn>2</mn></mrow></msubsup>`,
		`2^{−1074}`:     `<msup><mn>2</mn><mrow><mo>−</mo><mn>1074</mn></mrow></msup>`,
		`\frac{a}{1.5}`: `<mfrac><mrow><mi>a</mi></mrow><mrow><mn>1.5</mn></mrow></mfrac>`,
		`\sum_{i}`:      `<munder><mo>∑</mo><mrow><mi>i</mi></mrow></munder>`,
		`\log_{2} x`:    `<mrow><mspace width="0.17em"/><msub><mi>log</mi><mrow><mn>2</mn></mrow></msub><mspace width="0.17em"/></mrow><mi>x</mi>`,
		`\hat{θ}`:       `<mover accent="true"><mrow><mi>θ</mi></mrow><mo stretchy="false">^</mo></mover>`,
		`\mathrm{Var}`:  `<mi mathvariant="normal">Var</mi>`,
		`a < b`:         `<mi>a</mi><mo>&lt;</mo><mi>b</mi>`,
		`\nonsense`:     `<mtext>\nonsense</mtext>`,
		`{a`:            `<mrow><mi>a</mi></mrow>`,
		``:              ``,
	} {
		if got := formula(in, false); got != "<math><mrow>"+want+"</mrow></math>" {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
	if got, want := prose(`a *b* & $x$`), `a <em>b</em> &amp; <math><mrow><mi>x</mi></mrow></math>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzFormula(f *testing.F) {
	f.Add(`\frac{∂}{∂w} = \sum_{i=1}^{m} (p_{i} − y_{i}) x_{i}`)
	f.Add(`^_{}}\`)
	f.Fuzz(func(t *testing.T, s string) {
		if !xmlText(s) {
			return
		}
		d := xml.NewDecoder(strings.NewReader(formula(s, true)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
		}
	})
}

// xmlText reports whether XML can hold the text at all.
func xmlText(s string) bool {
	var b bytes.Buffer
	return xml.EscapeText(&b, []byte(s)) == nil && !strings.Contains(b.String(), "\uFFFD")
}

// The scripts are those that the README of the assets says they are.
func TestScriptsAreUnchanged(t *testing.T) {
	readme, err := os.ReadFile("assets/README.md")
	if err != nil {
		t.Fatal(err)
	}
	p := &page{}
	for _, name := range []string{"d3.min.js.gz", "plot.umd.min.js.gz"} {
		script := p.asset(name)
		sum := sha256.Sum256([]byte(script))
		if p.err != nil || !strings.Contains(string(readme), hex.EncodeToString(sum[:])) {
			t.Errorf("%s: %v, sum %x", name, p.err, sum)
		}
		if strings.Contains(script, "</script") {
			t.Errorf("%s would end the script it is in", name)
		}
	}
}
