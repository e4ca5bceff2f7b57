// Command picture draws docs/digits.svg, the picture of the README: how many
// digits of the certified maximum-likelihood estimate a network without hidden
// layers has after each step of gradient descent on the cross-entropy.
//
// Run it from the root of the repository: go run ./docs/picture
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"strings"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/trainer"
)

const reference = "testdata/reference/"

// fit is a certified fit of the reference tree.
type fit struct {
	Data struct {
		CSV, Y string
		X      []string
	}
	Certified struct {
		Coef      [][]float64
		Symmetric struct{ Coef [][]float64 }
	}
}

func main() {
	log.SetFlags(0)
	var curves []curve
	for _, name := range []string{"wine-3", "penguins-2", "iris2", "cancer10"} {
		c, err := train(name)
		if err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		curves = append(curves, c)
		log.Printf("%-10s %5d steps, %.1f digits", name, len(c.digits), c.digits[len(c.digits)-1])
	}
	if err := os.WriteFile("docs/digits.svg", []byte(draw(curves)), 0o644); err != nil {
		log.Fatal(err)
	}
}

// curve is the number of right digits of the worst coefficient by step.
type curve struct {
	name   string
	digits []float64
}

func train(name string) (curve, error) {
	text, err := os.ReadFile(reference + "fits/" + name + ".json")
	if err != nil {
		return curve{}, err
	}
	var f fit
	if err := json.Unmarshal(text, &f); err != nil {
		return curve{}, err
	}
	d, err := datasets.Load(reference+f.Data.CSV, datasets.Options{Target: []string{f.Data.Y}, Features: f.Data.X})
	if err != nil {
		return curve{}, err
	}
	model, err := trainer.NewClassifier(d.Schema, datasets.MeasureScaling(d.X, nil), nil, nil, nil)
	if err != nil {
		return curve{}, err
	}
	cfg, err := trainer.Accelerated(model, d, trainer.Loss{}, 1e-13, 100000)
	if err != nil {
		return curve{}, err
	}
	tr, err := trainer.New(model, d, nil, cfg)
	if err != nil {
		return curve{}, err
	}
	want := f.Certified.Coef
	if model.Kind == trainer.Multiclass {
		want = f.Certified.Symmetric.Coef
	}
	c := curve{name: name}
	_, err = tr.Run(context.Background(), trainer.ObserverFunc(func(e trainer.Event) {
		if e.Summary == nil {
			c.digits = append(c.digits, digits(model, want))
		}
	}))
	return c, err
}

// digits returns −log₁₀ of the relative error of the worst coefficient.
func digits(model *trainer.Classifier, want [][]float64) float64 {
	b, err := model.Coefficients(false)
	if err != nil {
		log.Fatal(err)
	}
	got := b.Values
	if model.Kind == trainer.Multiclass {
		got = b.Symmetric
	}
	worst := 16.0
	for i, row := range want {
		for j, w := range row {
			worst = min(worst, -math.Log10(math.Abs(got.At(i, j)-w)/math.Abs(w)))
		}
	}
	return max(worst, 0)
}

const (
	width, height            = 720, 380
	left, right, top, bottom = 60, 110, 50, 50
	mostDigits               = 12
	decades                  = 4 // steps from 1 to 10⁴
)

func x(step float64) float64 { return left + (width-left-right)*math.Log10(step)/decades }
func y(digits float64) float64 {
	return height - bottom - (height-top-bottom)*digits/mostDigits
}

func draw(curves []curve) string {
	var s strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&s, format+"\n", args...) }
	p(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`, width, height)
	p(`<title>Right digits of the worst coefficient by step of gradient descent</title>`)
	p(`<style>text{fill:#555} .grid{stroke:#8884;stroke-width:1} @media (prefers-color-scheme:dark){text{fill:#bbb}}</style>`)
	p(`<text x="%d" y="24" font-size="15">A network without hidden layers walks to the certified maximum-likelihood estimate</text>`, left)
	for d := 0; d <= mostDigits; d += 2 {
		p(`<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>`, left, width-right, y(float64(d)), y(float64(d)))
		p(`<text x="%d" y="%.1f" text-anchor="end">%d</text>`, left-8, y(float64(d))+4, d)
	}
	for e := range decades + 1 {
		p(`<text x="%.1f" y="%d" text-anchor="middle">%d</text>`, x(math.Pow10(e)), height-bottom+20, int(math.Pow10(e)))
	}
	p(`<text x="%d" y="%d" text-anchor="middle">steps of gradient descent on the cross-entropy</text>`, (left+width-right)/2, height-10)
	p(`<text transform="translate(18 %d) rotate(-90)" text-anchor="middle">right digits, worst coefficient</text>`, (top+height-bottom)/2)
	for i, c := range curves {
		color := []string{"#4477aa", "#228833", "#ee6677", "#aa3377"}[i]
		var points strings.Builder
		for k, last := 1, 0.0; k <= len(c.digits); k++ {
			if at := x(float64(k)); at-last >= 0.7 || k == len(c.digits) {
				fmt.Fprintf(&points, "%.1f,%.1f ", at, y(c.digits[k-1]))
				last = at
			}
		}
		n := len(c.digits)
		p(`<polyline fill="none" stroke="%s" stroke-width="1.8" points="%s"/>`, color, strings.TrimSpace(points.String()))
		p(`<text x="%.1f" y="%.1f" text-anchor="%s" style="fill:%s">%s</text>`, x(float64(n))+4, y(c.digits[n-1])-10, []string{"middle", "end", "start", "middle"}[i], color, c.name)
	}
	p(`</svg>`)
	return s.String()
}
