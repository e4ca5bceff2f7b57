package datasets

import (
	"slices"
	"strconv"
	"strings"
)

// Options say which columns play which role and how the file is written. Only
// Target, or Successes and Failures, must be given.
type Options struct {
	// Target is the column to predict. One column holds classes, two or more
	// of them. Several columns are labels that a row may have or not
	// (multilabel), each with two values such as 0/1, no/yes, false/true.
	Target []string
	// Features are the columns to predict from; nil means every column
	// without another role, in file order.
	Features []string
	// Exclude are columns that are no features; it goes with Features nil.
	Exclude []string
	// Weights is a column of frequency weights: a row of weight w counts as
	// w equal rows.
	Weights string
	// Successes and Failures are columns of counts, given instead of Target
	// when a row is a group of trials. Rows without a trial are skipped. They
	// need not be whole numbers: half a success is half of what one adds to
	// losses and log-likelihoods.
	Successes, Failures string
	// Categorical are features to take as categories though their cells are
	// numbers, or differ in nearly every row as those of an identifier.
	Categorical []string
	// Reference is the reference class; "" means the first in sorted order.
	Reference string
	// Missing says what to do about missing cells.
	Missing Missing
	// Separator stands between cells; 0 means comma, semicolon or tab,
	// whichever the first line has most of.
	Separator rune
	// Decimal is the decimal point; 0 means '.', European files need ','.
	Decimal rune
	// MaxClasses is the number of classes above which the target is refused
	// as a quantity. 0 means 1000, or fewer where the classes are numbers
	// that are as good as never the same.
	MaxClasses int
}

// Missing is what to do about a row that misses a cell in a column in use.
type Missing int

const (
	MissingError Missing = iota // refuse the file, naming the cell
	MissingDrop                 // leave the row out and count it
	// MissingMean puts the column's mean in place of a missing number. The
	// mean counts frequency weights and is kept in the Schema for new rows.
	// A missing category, target, weight or count is still an error.
	MissingMean
)

var missingNames = []string{"error", "drop", "mean"}

// String returns "error", "drop" or "mean".
func (m Missing) String() string {
	if m < 0 || int(m) >= len(missingNames) {
		return "Missing(" + strconv.Itoa(int(m)) + ")"
	}
	return missingNames[m]
}

// MarshalText returns what String returns.
func (m Missing) MarshalText() ([]byte, error) {
	if m < 0 || int(m) >= len(missingNames) {
		return nil, &Error{Problem: m.String() + " is no policy for missing cells"}
	}
	return []byte(missingNames[m]), nil
}

// UnmarshalText reads "error", "drop" or "mean".
func (m *Missing) UnmarshalText(text []byte) error {
	i := slices.Index(missingNames, string(text))
	if i < 0 {
		return &Error{Problem: quoteCell(text) + " is no policy for missing cells; use " + strings.Join(missingNames, ", ")}
	}
	*m = Missing(i)
	return nil
}

// maxLevels is the number of levels above which a categorical feature is
// refused: a column of names or dates would make a matrix of mostly zeros.
const maxLevels = 1000

func (o *Options) maxClasses() int {
	if o.MaxClasses == 0 {
		return 1000
	}
	return o.MaxClasses
}

// dialect is how a file is written, settled.
type dialect struct {
	separator, decimal byte
}

// settle chooses the separator by the first row of the text where none was
// asked for.
func settle(file string, separator, decimal rune, text []byte) (dialect, error) {
	if decimal == 0 {
		decimal = '.'
	}
	if decimal != '.' && decimal != ',' {
		return dialect{}, &Error{File: file, Problem: "the decimal point must be '.' or ',', not " + strconv.QuoteRune(decimal)}
	}
	if separator == 0 {
		separator = rune(sniffSeparator(text, byte(decimal)))
	}
	if separator == decimal {
		return dialect{}, &Error{File: file, Problem: "the separator and the decimal point are both " + strconv.QuoteRune(decimal)}
	}
	punctuation := separator > ' ' && separator < 0x7f && !strings.ContainsRune(`"+-.`, separator) &&
		!isLetterOrDigit(byte(separator))
	if separator != '\t' && !punctuation {
		return dialect{}, &Error{File: file, Problem: "the separator must be a tab or a punctuation mark other than \" + - and the point, not " + strconv.QuoteRune(separator)}
	}
	return dialect{byte(separator), byte(decimal)}, nil
}

func isLetterOrDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// sniffSeparator returns the candidate that stands most often outside quotes in
// the first row, the earlier one on a tie.
func sniffSeparator(text []byte, decimal byte) byte {
	const candidates = ",;\t"
	var count [len(candidates)]int
	quoted := false
	for _, c := range text {
		if c == '"' {
			quoted = !quoted
		} else if c == '\n' && !quoted {
			break
		}
		if i := strings.IndexByte(candidates, c); i >= 0 && !quoted && c != decimal {
			count[i]++
		}
	}
	best := strings.IndexFunc(candidates, func(r rune) bool { return byte(r) != decimal })
	for i, n := range count {
		if n > count[best] {
			best = i
		}
	}
	return candidates[best]
}
