package report

import (
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/surprisal-ml/surprisal/experiments"
	"github.com/surprisal-ml/surprisal/experiments/figure"
)

//go:embed assets/*.css assets/report.js assets/*.gz assets/*.LICENSE
var assets embed.FS

// generator is how a page is known as one of this package.
const generator = `<meta name="generator" content="train reproduce">`

// page is the HTML page being written.
type page struct {
	bytes.Buffer
	tables int
	err    error
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// asset returns an embedded file, unpacked if it is packed.
func (p *page) asset(name string) string {
	f, err := assets.Open("assets/" + name)
	if err != nil {
		p.err = err
		return ""
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			p.err = err
			return ""
		}
	}
	data, err := io.ReadAll(r)
	if err != nil {
		p.err = err
	}
	return string(data)
}

// HTML writes the page that explains the outcomes.
func HTML(w io.Writer, outcomes []experiments.Outcome, o experiments.Options) error {
	p := &page{}
	p.printf(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
%s
<title>Maximum likelihood and cross-entropy, by experiment</title>
<style>
%s</style>
</head>
<body>
`, generator, p.asset("report.css"))
	p.introduction(outcomes, o)
	p.printf("<main>\n")
	p.preface()
	var figures []*figure.Figure
	for i, e := range outcomes {
		p.section(i+1, e)
		if e.Result != nil {
			figures = append(figures, e.Result.Figures()...)
		}
	}
	p.printf("</main>\n")
	p.licences()
	p.scripts(figures)
	p.printf("</body>\n</html>\n")
	if p.err != nil {
		return p.err
	}
	_, err := w.Write(p.Bytes())
	return err
}

func (p *page) introduction(outcomes []experiments.Outcome, o experiments.Options) {
	p.printf(`<header>
<h1>Maximum likelihood and cross-entropy, by experiment</h1>
<p>That minimising cross-entropy is maximum likelihood, that a network without hidden layers is logistic regression, that fused losses keep their digits: such things are often said. ` +
		`Here each is tried. Every claim is decided by numbers that a program computed, with the limit each had to keep. Every result in the text comes from the same run; typed are only the numbers that say what was tried.</p>
<p>Read from the top it is a short course, from what information is to what a network makes of it. It begins with derivatives and logarithms.</p>
`)
	p.printf("<p class=\"meta\">Seed %d, %s.</p>\n", o.Seed, map[bool]string{true: "quick: fewer replicates and less data", false: "complete"}[o.Quick])
	if s := standing(outcomes); s != "" {
		p.printf("<p class=\"standing\" role=\"note\">%s</p>\n", html.EscapeString(s))
	}
	p.printf("</header>\n<nav aria-label=\"Claims\">\n<h2>The claims and what came out</h2>\n<ol>\n")
	for _, e := range outcomes {
		class, verdict := badge(&e)
		p.printf("<li><a href=\"#%s\">%s</a> <span class=\"badge %s\">%s</span></li>\n", html.EscapeString(e.Name), html.EscapeString(e.Title), class, html.EscapeString(verdict))
	}
	p.printf("</ol>\n</nav>\n")
}

// standing names the claims that fail and those that are missing; "" if there
// are none.
func standing(outcomes []experiments.Outcome) string {
	names := map[experiments.Verdict][]string{}
	for _, e := range outcomes {
		names[e.Verdict()] = append(names[e.Verdict()], e.Name)
	}
	var sentences []string
	for _, v := range []experiments.Verdict{experiments.Fails, experiments.Missing} {
		if n := names[v]; n != nil {
			sentences = append(sentences, fmt.Sprintf("%s, %d of %d claims: %s.",
				map[experiments.Verdict]string{experiments.Fails: "Failed", experiments.Missing: "Without a result"}[v], len(n), len(outcomes), strings.Join(n, ", ")))
		}
	}
	return strings.Join(sentences, " ")
}

// why says why there is no result.
func why(err error) string {
	if errors.Is(err, context.Canceled) {
		return "the run was interrupted before it was finished"
	}
	return fmt.Sprint(err)
}

// badge returns the verdict, and its class.
func badge(e *experiments.Outcome) (class, verdict string) {
	v := e.Verdict()
	return map[experiments.Verdict]string{experiments.Holds: "holds", experiments.HoldsCorrected: "corrected",
		experiments.Fails: "fails", experiments.Missing: "missing"}[v], string(v)
}

func (p *page) section(number int, e experiments.Outcome) {
	class, verdict := badge(&e)
	p.printf("<section id=\"%s\">\n<h2>%d. %s</h2>\n<p class=\"claim\">%s <span class=\"badge %s\">%s</span></p>\n",
		html.EscapeString(e.Name), number, html.EscapeString(e.Title), html.EscapeString(e.Claim), class, html.EscapeString(verdict))
	p.printf("<p class=\"meta\">%s</p>\n", html.EscapeString(e.Source))
	if e.Result == nil {
		p.printf("<p>This experiment has no result: %s.</p>\n</section>\n", html.EscapeString(why(e.Err)))
		return
	}
	for _, b := range e.Result.Body {
		p.block(b)
	}
	if e.Result.Correction != "" {
		p.printf("<p class=\"correction\"><strong>Correction.</strong> %s</p>\n", prose(e.Result.Correction))
	}
	p.decided(e)
	p.printf("</section>\n")
}

func (p *page) block(b experiments.Block) {
	switch {
	case b.Text != "":
		p.printf("<p>%s</p>\n", prose(b.Text))
	case b.Formula != "":
		p.printf("<div class=\"formulas\">")
		for _, f := range strings.Split(b.Formula, "   ") { // each on a line of its own where they do not fit beside each other
			p.printf("%s", formula(f, true))
		}
		p.printf("</div>\n")
	case b.Table != nil:
		p.table(b.Table)
	case b.Figure != nil:
		f := b.Figure
		p.printf("<figure id=\"figure-%s\">\n<h3>%s</h3>\n<div class=\"chart\" data-figure=\"%[1]s\" role=\"application\" aria-roledescription=\"chart\" aria-label=\"%s. Arrow keys walk through its points.\">\n",
			html.EscapeString(f.Name), html.EscapeString(f.Title), html.EscapeString(f.Title))
		if err := f.SVG(p); err != nil {
			p.err = err
		}
		p.printf("</div>\n<figcaption>%s</figcaption>\n</figure>\n", html.EscapeString(f.Caption))
	}
}

func (p *page) table(t *experiments.Table) {
	p.titled(t.Title, "")
	p.printf("<thead><tr>")
	number := make([]bool, len(t.Columns)) // columns of numbers
	for j, name := range t.Columns {
		for i := range t.Rows {
			if _, text := t.Rows[i][j].(string); !text {
				number[j] = true
			}
		}
		p.printf("<th scope=\"col\"%s>%s</th>", align(number[j]), html.EscapeString(name))
	}
	p.printf("</tr></thead>\n<tbody>\n")
	for i := range t.Rows {
		p.printf("<tr>")
		for j := range t.Columns {
			p.printf("<td%s>%s</td>", align(number[j]), html.EscapeString(t.Text(i, j)))
		}
		p.printf("</tr>\n")
	}
	p.printf("</tbody></table></div>\n")
}

// titled begins a table: its title, which does not scroll with it, and the rest.
func (p *page) titled(title, class string) {
	p.tables++
	p.printf("<p class=\"caption\" id=\"table-%d\">%s</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"table-%[1]d\">\n<table class=\"%s\" aria-labelledby=\"table-%[1]d\">\n",
		p.tables, html.EscapeString(title), class)
}

func align(number bool) string {
	if number {
		return ` class="n"`
	}
	return ""
}

// decided shows the checks: on a phone each on two lines.
func (p *page) decided(e experiments.Outcome) {
	p.titled("What decides", "decides")
	p.printf("<thead><tr><th scope=\"col\">what</th><th scope=\"col\" class=\"n\">number</th><th scope=\"col\">limit</th><th scope=\"col\">verdict</th></tr></thead>\n<tbody>\n")
	for _, c := range e.Result.Checks {
		verdict := "holds"
		if !c.Holds() {
			verdict = "fails"
		}
		p.printf("<tr><td>%s</td><td class=\"n\">%s</td><td>%s\u00a0%s %s</td><td class=\"%s\">%[6]s</td></tr>\n",
			html.EscapeString(c.What), html.EscapeString(c.Got.String()), html.EscapeString(string(c.Relation)), html.EscapeString(c.Limit.String()), html.EscapeString(c.Unit), verdict)
	}
	p.printf("</tbody></table></div>\n")
	p.printf("<p class=\"meta\"><strong>Method.</strong> %s</p>\n<p class=\"meta\"><strong>Tolerance.</strong> %s</p>\n", html.EscapeString(e.Method), html.EscapeString(e.Tolerance))
}

func (p *page) licences() {
	p.printf("<footer>\n<details><summary>Licences of the scripts in this page</summary>\n<h3>D3</h3>\n<pre>%s</pre>\n<h3>Observable Plot</h3>\n<pre>%s</pre>\n</details>\n</footer>\n",
		html.EscapeString(p.asset("d3.LICENSE")), html.EscapeString(p.asset("plot.LICENSE")))
}

// scripts writes the libraries, the figures and the program that draws them.
func (p *page) scripts(figures []*figure.Figure) {
	described := make([]drawn, len(figures))
	for i, f := range figures {
		described[i].Figure = f
		described[i].Extent.X, described[i].Extent.Y = f.Extent()
	}
	data, err := json.Marshal(described) // with <, > and & escaped
	if err != nil {
		p.err = err
	}
	p.printf("<script type=\"application/json\" id=\"figures\">%s</script>\n", data)
	for _, name := range []string{"d3.min.js.gz", "plot.umd.min.js.gz", "report.js"} {
		p.printf("<script>%s</script>\n", p.asset(name))
	}
}

// drawn is a figure with the bounds of its axes.
type drawn struct {
	*figure.Figure
	Extent struct {
		X [2]float64 `json:"x"`
		Y [2]float64 `json:"y"`
	} `json:"extent"`
}
