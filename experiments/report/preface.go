package report

import (
	"fmt"
	"html"
	"math"
)

// preface says what a reader should know, and what letters mean.
func (p *page) preface() {
	p.printf("<section id=\"needed\">\n<h2>What you need</h2>\n")
	rare := int(1 / math.Erfc(4/math.Sqrt2))
	for _, text := range []string{
		"*From school:* derivatives, and the logarithm, which turns products into sums; here it is the natural one, the inverse of $e^{x}$. The rest is said where it is first used, or here.",
		"*Chance.* A random number $X$ has an *expectation* $E[X]$, the mean over very many draws, and a *variance*, the expectation of its squared distance from that; the root of the variance is the *standard deviation*. " +
			"Where the results are not separate values but a continuum, a *density* takes the place of probabilities: its area over an interval is the probability of that.",
		fmt.Sprintf("*Standard errors.* The mean of $n$ independent draws is off its expectation by about the standard deviation divided by $\\sqrt{n}$. This typical error of something estimated is its *standard error*. "+
			"Errors of means are nearly normal (Gaussian) numbers, and those are beyond 4 standard errors about once in %d %03d times. That is why 4 is a usual limit here: a claim seldom fails by chance alone, and an effect of 4 standard errors is hardly chance.", rare/1000, rare%1000),
		"*Vectors and matrices.* A vector is a list of numbers; $w·x = \\sum_{j} w_{j} x_{j}$ is the sum of products, and $|w| = \\sqrt{w·w}$ the length. Two vectors are *orthogonal* if the sum is 0. " +
			"A matrix $A$ is a table of numbers; $A x$ is the vector of the sums of products of each row with $x$, and $A^{−1}$ is the matrix that undoes this. " +
			"If $A v = λ v$, so that $A$ only stretches $v$, then $λ$ is an *eigenvalue*: where the matrix holds curvatures, a direction of eigenvalue 0 is flat. $T$ as an exponent turns a row into a column or back.",
	} {
		p.printf("<p>%s</p>\n", prose(text))
	}
	p.titled("Letters", "")
	p.printf("<thead><tr><th scope=\"col\">letter</th><th scope=\"col\">what it means</th><th scope=\"col\">from chapter</th></tr></thead>\n<tbody>\n")
	for _, l := range [][3]string{
		{`p,   q`, "probabilities, or distributions, which have one for each outcome", "entropy"},
		{`H(p),   H(p,q),   D(p‖q)`, "entropy, cross-entropy and Kullback–Leibler divergence", "entropy, divergence"},
		{`θ,   \hat{θ}`, "the parameters of a model, and their estimate", "underflow"},
		{`L(θ),   ℓ(θ)`, "the likelihood and its logarithm", "underflow"},
		{`m,   d,   K`, "the numbers of rows, of features and of classes", "underflow, softmax"},
		{`∇,   J`, "the gradient, and the Hessian: the first and second derivatives by all parameters", "objectives"},
		{`x,   y,   z`, "features, outcome and logit: the log-odds, before a sigmoid or softmax", "logistic"},
		{`σ(z)`, "the logistic sigmoid, which makes a probability of a logit", "logistic"},
		{`w,   b`, "weights, and the constant beside them, also called intercept or bias", "logistic"},
		{`I(θ)`, "the Fisher information", "consistency"},
	} {
		p.printf("<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n", formula(l[0], false), html.EscapeString(l[1]), html.EscapeString(l[2]))
	}
	p.printf("</tbody></table></div>\n</section>\n")
}
