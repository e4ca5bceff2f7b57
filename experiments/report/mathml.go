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
// Letters are variables, three blanks a wide space, other blanks nothing. What
// does not fit the notation is shown as it stands.
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
	if strings.HasPrefix(p.rest, "   ") {
		p.rest = strings.TrimLeft(p.rest, " ")
		return `<mspace width="2em"/>`
	}
	base, large := p.atom()
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
	name := [4]string{"", "msub", "msup", "msubsup"}
	if large {
		name = [4]string{"", "munder", "mover", "munderover"}
	}
	k := 0
	if below != "" {
		k |= 1
	}
	if above != "" {
		k |= 2
	}
	if k == 0 {
		return base
	}
	return "<" + name[k] + ">" + base + below + above + "</" + name[k] + ">"
}

// atom reads a group, a command, a number, a letter or an operator. A large
// operator has its limits below and above.
func (p *parser) atom() (xml string, large bool) {
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.rest == "" {
		return "<mrow></mrow>", false
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
		return "<mrow>" + b.String() + "</mrow>", false
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
		return "<mn>" + number + "</mn>", false
	}
	r, size := utf8.DecodeRuneInString(p.rest)
	p.rest = p.rest[size:]
	if unicode.IsLetter(r) {
		return "<mi>" + string(r) + "</mi>", false
	}
	if strings.ContainsRune("|‖[]()", r) {
		return `<mo stretchy="false">` + string(r) + "</mo>", false
	}
	return "<mo>" + html.EscapeString(string(r)) + "</mo>", false
}

func (p *parser) command() (xml string, large bool) {
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
		return "<mfrac>" + a + b + "</mfrac>", false
	case "sqrt":
		a, _ := p.atom()
		return "<msqrt>" + a + "</msqrt>", false
	case "hat":
		a, _ := p.atom()
		return `<mover accent="true">` + a + `<mo stretchy="false">^</mo></mover>`, false
	case "bar":
		a, _ := p.atom()
		return `<mover accent="true">` + a + `<mo stretchy="false">¯</mo></mover>`, false
	case "mathrm":
		word, rest, _ := strings.Cut(strings.TrimPrefix(p.rest, "{"), "}")
		p.rest = rest
		return `<mi mathvariant="normal">` + html.EscapeString(word) + "</mi>", false
	case "sum":
		return "<mo>∑</mo>", true
	case "prod":
		return "<mo>∏</mo>", true
	case "log", "max", "min", "arg", "tanh":
		return "<mi>" + name + `</mi><mspace width="0.17em"/>`, false
	}
	return "<mtext>" + html.EscapeString(`\`+name) + "</mtext>", false
}

// prose turns a paragraph into HTML: formulas between dollar signs, *emphasis*.
func prose(s string) string {
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
