package main

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestParseList(t *testing.T) {
	for line, want := range map[string][]string{
		"": {}, "a": {"a"}, "a,b": {"a", "b"}, ` a , "b, c" `: nil, `a, "b, c"`: {"a", "b, c"}, `"say ""hi"""`: {`say "hi"`},
		"a,,b": {"a", "", "b"}, `a"b`: nil, `"a`: nil, "a\nb": nil,
	} {
		got, err := parseList[string](line)
		if (err == nil) != (want != nil) || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", line, got, err, want)
		}
	}
	if got, err := parseList[int]("64, 32"); err != nil || !slices.Equal(got, []int{64, 32}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := parseList[int]("64,3.5"); err == nil || err.Error() != `"3.5" is not a whole number` {
		t.Error(err)
	}
	if _, err := parseList[float64]("1e3,x"); err == nil || err.Error() != `"x" is not a number` {
		t.Error(err)
	}
}

func TestListFromJSON(t *testing.T) {
	for text, want := range map[string][]float64{`[1, 2.5]`: {1, 2.5}, `"1,2.5"`: {1, 2.5}, `7`: {7}, `[]`: {}, `""`: {}} {
		var got list[float64]
		if err := json.Unmarshal([]byte(text), &got); err != nil || got == nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{`true`, `{}`, `["1"]`, `"a"`, `"1\n2"`} {
		var got list[float64]
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
}
