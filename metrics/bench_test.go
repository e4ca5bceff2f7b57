package metrics

import "testing"

// A block of 1000 rows, with four logits where there is more than one.
func BenchmarkAdd(b *testing.B) {
	s := newRowSet(1000, 1)
	z, y := column(s.z, 0), column(s.y, 0)
	run := func(name string, add func() error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := add(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	binary, multiclass, multilabel := Binary{SkipRanking: true}, Multiclass{SkipRanking: true}, Multilabel{SkipRanking: true}
	run("binary", func() error { return binary.Add(z, y, s.w) })
	run("multiclass", func() error { return multiclass.Add(s.z, s.labels, s.w) })
	run("multilabel", func() error { return multilabel.Add(s.z, s.y, s.w) })
}

// The ranking of a million rows.
func BenchmarkRanking(b *testing.B) {
	s := newRowSet(1000, 1)
	for b.Loop() {
		var m Binary
		for range 1000 {
			if err := m.Add(column(s.z, 0), column(s.y, 0), nil); err != nil {
				b.Fatal(err)
			}
		}
		m.Report()
	}
}
