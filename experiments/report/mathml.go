package report

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// formula turns a formula into MathML. The notation is a small part of TeX's,
// with Unicode for letters and operators:
//
//	x_{i}^{2}  \frac{a}{b}  \sqrt{x}  \hat{θ}  \bar{y}  \mathrm{word}
//	\sum_{i=1}^{m}  \prod  \log  \arg\min  \max  \tanh
//
// Letters are variables, blanks nothing. What does not fit the notation is shown
// as it stands.
func formula(s string, display bool) string {
	p := &parser{rest: s}
	var b strings.Builder
	b.WriteString("<math")
	if display {
		b.WriteString(` display="block"`)
	}
	b.WriteString("><mrow>")
	for p.rest != "" {
		b.WriteString(p.term())
	}
	b.WriteString("</mrow></math>")
	return b.String()
}

type parser struct{ rest string }

// term reads an atom with its indices.
func (p *parser) term() string {
	base, k := p.atom()
	var below, above string
	for {
		switch {
		case below == "" && strings.HasPrefix(p.rest, "_"):
			p.rest = p.rest[1:]
			below, _ = p.atom()
			continue
		case above == "" && strings.HasPrefix(p.rest, "^"):
			p.rest = p.rest[1:]
			above, _ = p.atom()
			continue
		}
		break
	}
	names := [4]string{"", "msub", "msup", "msubsup"}
	if k == large {
		names = [4]string{"", "munder", "mover", "munderover"}
	}
	scripts := 0
	if below != "" {
		scripts |= 1
	}
	if above != "" {
		scripts |= 2
	}
	if scripts > 0 {
		base = "<" + names[scripts] + ">" + base + below + above + "</" + names[scripts] + ">"
	}
	if k == function {
		const thin = `<mspace width="0.17em"/>`
		base = "<mrow>" + thin + base + thin + "</mrow>"
	}
	return base
}

// kind says how an atom is set.
type kind int

const (
	plain    kind = iota
	large         // with its limits below and above
	function      // with a little space around
)

// atom reads a group, a command, a number, a letter or an operator.
func (p *parser) atom() (xml string, k kind) {
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.rest == "" {
		return "<mrow></mrow>", plain
	}
	switch c := p.rest[0]; {
	case c == '{':
		p.rest = p.rest[1:]
		var b strings.Builder
		for p.rest != "" && p.rest[0] != '}' {
			b.WriteString(p.term())
			p.rest = strings.TrimLeft(p.rest, " ")
		}
		p.rest = strings.TrimPrefix(p.rest, "}")
		return "<mrow>" + b.String() + "</mrow>", plain
	case c == '\\':
		return p.command()
	case c >= '0' && c <= '9':
		n := strings.IndexFunc(p.rest, func(r rune) bool { return !(r >= '0' && r <= '9' || r == '.') })
		if n < 0 {
			n = len(p.rest)
		}
		// A point at the end is the sentence's.
		for n > 1 && p.rest[n-1] == '.' {
			n--
		}
		number := p.rest[:n]
		p.rest = p.rest[n:]
		return "<mn>" + number + "</mn>", plain
	}
	r, size := utf8.DecodeRuneInString(p.rest)
	p.rest = p.rest[size:]
	if unicode.IsLetter(r) {
		return "<mi>" + string(r) + "</mi>", plain
	}
	switch {
	case strings.ContainsRune("[]()", r):
		return `<mo stretchy="false">` + string(r) + "</mo>", plain
	case strings.ContainsRune("|‖/", r): // with no space around
		return `<mo stretchy="false" lspace="0" rspace="0">` + string(r) + "</mo>", plain
	}
	return "<mo>" + html.EscapeString(string(r)) + "</mo>", plain
}

func (p *parser) command() (xml string, k kind) {
	end := strings.IndexFunc(p.rest[1:], func(r rune) bool { return !unicode.IsLetter(r) }) + 1
	if end == 0 {
		end = len(p.rest)
	}
	name := p.rest[1:end]
	p.rest = p.rest[end:]
	switch name {
	case "frac":
		a, _ := p.atom()
		b, _ := p.atom()
		return "<mfrac>" + a + b + "</mfrac>", plain
	case "sqrt":
		a, _ := p.atom()
		return "<msqrt>" + a + "</msqrt>", plain
	case "hat":
		a, _ := p.atom()
		return `<mover accent="true">` + a + `<mo stretchy="false">^</mo></mover>`, plain
	case "bar":
		a, _ := p.atom()
		return `<mover accent="true">` + a + `<mo stretchy="false">¯</mo></mover>`, plain
	case "mathrm":
		word, rest, _ := strings.Cut(strings.TrimPrefix(p.rest, "{"), "}")
		p.rest = rest
		return `<mi mathvariant="normal">` + html.EscapeString(word) + "</mi>", plain
	case "sum":
		return "<mo>∑</mo>", large
	case "prod":
		return "<mo>∏</mo>", large
	case "log", "max", "min", "arg", "tanh":
		return "<mi>" + name + "</mi>", function
	}
	return "<mtext>" + html.EscapeString(`\`+name) + "</mtext>", plain
}

// prose turns a paragraph into HTML: formulas between dollar signs, *emphasis*.
func prose(s string) string {
	s = strings.ReplaceAll(s, " %", "\u00a0%") // on the line of its number
	var b strings.Builder
	for i, part := range strings.Split(s, "$") {
		if i%2 == 1 {
			b.WriteString(formula(part, false))
			continue
		}
		for j, piece := range strings.Split(part, "*") {
			if j%2 == 1 {
				b.WriteString("<em>" + html.EscapeString(piece) + "</em>")
			} else {
				b.WriteString(html.EscapeString(piece))
			}
		}
	}
	return b.String()
}
