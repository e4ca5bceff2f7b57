package experiments

import (
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/experiments/coding"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/random"
)

// codes encodes a text for several distributions, and counts the bits.
func (c divergenceClaim) codes(o Options, r *Result) {
	message := letters(opticks)
	if o.Quick {
		message = message[:6000]
	}
	// Both p and what the coder makes of q add up to 1 to the last bit.
	p := exactly(frequencies(message))
	h := infotheory.Bits(infotheory.Entropy(p))
	equal := make([]float64, len(alphabet))
	for i := range equal {
		equal[i] = 1. / float64(len(alphabet))
	}
	models := []struct {
		name string
		q    []float64
	}{
		{"the text itself", p},
		{"Lincoln's address", smoothed(letters(gettysburg))},
		{"27 equal letters", equal},
		{"the alphabet reversed", reversed(p)},
	}
	table := &Table{
		Title:   "Bits per letter of " + count(len(message)) + " letters of Newton's Opticks",
		Columns: []string{"code made for", "H(p)", "+ D(p‖q)", "= H(p,q)", "arithmetic coder", "bits in all", "beyond N·H(p,q)"},
	}
	var over, under, wrong float64
	var places, entropies, lengths figure.Values
	var names, texts []string
	for i, m := range models {
		coder := coding.NewTable(m.q)
		// What the coder works with is q in multiples of 2⁻⁴⁰.
		q := make([]float64, len(m.q))
		for j := range q {
			q[j] = coder.Probability(j)
		}
		bits, decoded := encode(message, coder)
		if !slices.Equal(decoded, message) {
			wrong++
		}
		expected := infotheory.Bits(c.crossEntropy(p, q)) * float64(len(message))
		over = max(over, float64(bits)-expected)
		under = min(under, float64(bits)-expected)
		perLetter := float64(bits) / float64(len(message))
		d := infotheory.Bits(c.divergence(p, q))
		table.Add(m.name, h, d, h+d, perLetter, bits, float64(bits)-expected)
		r.number("bits per letter, code for "+m.name, perLetter, "bits")
		places, entropies, lengths = append(places, float64(i)), append(entropies, h), append(lengths, h+d)
		names, texts = append(names, m.name), append(texts, sig(perLetter, 4))
	}
	r.check("messages that did not come back when decoded", wrong, Exactly, 0, "")
	r.check("most bits spent beyond N·H(p,q)", over, AtMost, 2, "bits")
	// The coder cannot beat the surprisal; a millionth of a bit is rounding.
	r.check("most bits saved below N·H(p,q)", -under, AtMost, 1e-6, "bits")

	huffman := c.huffman(o, p, h, r)
	r.text("All this can be counted in bits. An *arithmetic coder* turns a message into a file whose length is the surprisal of the message under $q$, to within two bits. " +
		"Here it encodes the beginning of Newton's Opticks, letter by letter, with codes made for four distributions; every file was decoded again.")
	r.table(table)
	r.figure(&figure.Figure{
		Name: "divergence-codes", Title: "Bits per letter of a text, by what the code was made for",
		Caption: "The best code for single letters needs the entropy. A code for the wrong distribution wastes the divergence; the number is what the coder really spent.",
		X:       figure.Axis{Label: "code made for", Categories: names}, Y: figure.Axis{Label: "bits per letter"},
		Marks: []figure.Mark{
			{Kind: figure.Bars, Name: "entropy of p", Width: 0.6, X: places, Y: entropies},
			{Kind: figure.Bars, Name: "divergence of q from p", Color: figure.Vermillion, Width: 0.6, X: places, Low: entropies, Y: lengths},
			{Kind: figure.Label, X: places, Y: shifted(lengths, 0.25), Text: texts},
		},
	})
	r.text("*Huffman's code* gives every letter a whole number of bits. It needs %s bits per letter, between the entropy %s and one more, as it must. Codes that can be told apart without commas obey *Kraft's inequality*, $\\sum 2^{−\\mathrm{length}} ≤ 1$; one that wastes nothing reaches 1, as this one does, and where all probabilities are powers of ½ it needs the entropy and not a bit more.", sig(huffman, 5), sig(h, 5))
	bits, contextual := encodePairs(message)
	r.number("bits per letter, knowing the letter before", contextual, "bits")
	r.text("Nor is the entropy of single letters the end. A model that guesses each letter from the one before, learning as it goes, needs only %s bits per letter (%s in all): "+
		"a better $q$ is a shorter file. That is all that training does.", sig(contextual, 4), count(bits))
}

// huffman checks the lengths of the codes of letters of probabilities p and
// entropy h, and returns their mean.
func (c divergenceClaim) huffman(o Options, p []float64, h float64, r *Result) float64 {
	var mean, shannon, kraft float64
	for i, l := range c.lengths(p) {
		mean += p[i] * float64(l)
		shannon += p[i] * math.Ceil(infotheory.Bits(infotheory.Surprisal(p[i])))
		kraft += math.Ldexp(1, -l)
	}
	r.check("mean length of Huffman's code, less the entropy", mean-h, AtLeast, 0, "bits")
	r.check("room of Huffman's code below H + 1", h+1-mean, Above, 0, "bits")
	r.check("Kraft's sum of 2^−length over Huffman's code", kraft, Exactly, 1, "")
	r.check("how much shorter it is than Shannon's code of ⌈log₂ 1/p⌉ bits", shannon-mean, AtLeast, 0, "bits")
	// Where every probability is a power of ½ the code can, and so must, be as
	// short as the entropy; sums of these numbers have no rounding.
	const trials = 200
	var over float64
	src := random.New(o.Seed, 15)
	for range trials {
		q := dyadic(src, len(alphabet))
		length, entropy := 0.0, 0.0
		for i, l := range c.lengths(q) {
			length += q[i] * float64(l)
			entropy -= q[i] * math.Log2(q[i])
		}
		over = max(over, math.Abs(length-entropy))
	}
	r.check(count(trials)+" distributions of powers of ½: length of Huffman's code less the entropy", over, Exactly, 0, "bits")
	r.number("bits per letter, Huffman's code", mean, "bits")
	return mean
}

// dyadic halves outcomes at random until there are n of them.
func dyadic(src *random.Source, n int) []float64 {
	p := []float64{1}
	for len(p) < n {
		i := int(src.Float64() * float64(len(p)))
		p[i] /= 2
		p = append(p, p[i])
	}
	return p
}

// encode returns the length of a message in bits, and what it decodes to.
func encode(message []int, t *coding.Table) (bits int, decoded []int) {
	e := coding.NewEncoder()
	for _, s := range message {
		e.Encode(t, s)
	}
	data, bits := e.Finish()
	d := coding.NewDecoder(data)
	decoded = make([]int, len(message))
	for i := range decoded {
		decoded[i] = d.Decode(t)
	}
	return bits, decoded
}

// encodePairs encodes each letter with the frequencies it had so far after the
// letter before, which the decoder knows as well.
func encodePairs(message []int) (bits int, perLetter float64) {
	const n = len(alphabet)
	var seen [n][n]float64
	e := coding.NewEncoder()
	before := n - 1
	for _, s := range message {
		q, total := make([]float64, n), 0.0
		for i := range q {
			q[i] = seen[before][i] + 0.2
			total += q[i]
		}
		for i := range q {
			q[i] /= total
		}
		e.Encode(coding.NewTable(q), s)
		seen[before][s]++
		before = s
	}
	_, bits = e.Finish()
	return bits, float64(bits) / float64(len(message))
}

// reversed gives the probability of the first outcome to the last, and so on.
func reversed(p []float64) []float64 {
	q := slices.Clone(p)
	slices.Reverse(q)
	// The message has every letter, so none may be impossible.
	for i := range q {
		q[i] = (q[i] + 1e-3) / (1 + 1e-3*float64(len(q)))
	}
	return q
}

// digits returns −log₁₀ of a relative error, at most 16.
func digits(relative float64) float64 { return min(16, -math.Log10(relative)) }
