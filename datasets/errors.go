package datasets

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with a table, and where.
type Error struct {
	File    string // name of the file or data set; "" for a row that comes from no file
	Line    int    // physical line, from 1; 0 when the problem is not in one line
	Column  string // name of the column; "" when the problem is not in one column
	Problem string // what was found and what to do about it; "" if Err says it all
	Err     error  // the cause, if another package reported it, or ErrNoTarget
}

// ErrNoTarget is what is wrong with options that do not say what is to be
// predicted.
var ErrNoTarget = errors.New("no target column is named (--target)")

// Error formats as file:line: column "name": problem: cause.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		if e.Line > 0 {
			b.WriteByte(':')
			b.WriteString(strconv.Itoa(e.Line))
		}
		b.WriteString(": ")
	}
	if e.Column != "" {
		b.WriteString("column " + strconv.Quote(e.Column) + ": ")
	}
	b.WriteString(e.Problem)
	if e.Err != nil {
		if e.Problem != "" {
			b.WriteString(": ")
		}
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause, so that errors.Is finds fs.ErrNotExist or [ErrNoTarget].
func (e *Error) Unwrap() error { return e.Err }

// quoteCell quotes a cell for a message, cutting off what is too long to read.
func quoteCell[T string | []byte](cell T) string {
	const most = 40
	if len(cell) <= most {
		return strconv.Quote(string(cell))
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(cell[cut]) {
		cut--
	}
	return strconv.Quote(string(cell[:cut])) + "…"
}

// listNames joins names for a message, at most ten of them.
func listNames(names []string) string {
	const most = 10
	shown := make([]string, min(len(names), most))
	for i := range shown {
		shown[i] = names[i]
		if strings.Contains(names[i], ",") {
			shown[i] = strconv.Quote(names[i])
		}
	}
	text := strings.Join(shown, ", ")
	if len(names) > most {
		text += " and " + strconv.Itoa(len(names)-most) + " more"
	}
	return text
}

// flagValue writes a name as the value of a flag that takes a list: as in CSV,
// and quoted for a shell.
func flagValue(name string) string {
	if strings.ContainsAny(name, `,"`) {
		name = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	}
	if strings.ContainsAny(name, " \t\"'\\$`&|;<>()*?[]#~!{}") {
		name = "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
}
