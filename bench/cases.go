package main

// spec says what the work of a case is. Both sides build their task from it,
// with the same numbers in it: see number.
type spec struct {
	Kind   string  `json:"kind"`             // step, crossentropy, bce, gemm, gram, csv or fit
	Layers []int   `json:"layers,omitempty"` // step: the widths, from the features to the logits
	Rows   int     `json:"rows"`             // examples; rows of the product
	Cols   int     `json:"cols,omitempty"`   // columns; of the product
	Inner  int     `json:"inner,omitempty"`  // gemm: what the product sums over
	TransA bool    `json:"transA,omitempty"`
	TransB bool    `json:"transB,omitempty"`
	File   string  `json:"file,omitempty"` // csv: where it is
	Fit    fitSpec `json:"fit,omitzero"`
}

// peer is a way to do the work of a case with other software.
type peer struct {
	name    string // column of the table
	variant string // what peers.py calls it
	module  string // what Python must have for it
	float32 bool
}

// group is cases that share a table.
type group struct {
	title string
	note  string
	unit  string
	peers []peer // the goals refer to the first
	cases []benchCase
}

// benchCase is a row of a table.
type benchCase struct {
	name         string
	spec         spec
	bar, stretch float64 // goals for the first peer's time by ours; 0: none
	// work is what a call does, in a unit that makes the table readable:
	// a time per call is divided by it.
	work float64
	// without names peers that cannot do this case.
	without string
}

// rate reports whether a figure is work per time, so that more is better.
func (g *group) rate() bool { return g.unit == "GFLOP/s" }

// figure turns seconds per call into the unit of the group.
func (g *group) figure(c *benchCase, seconds float64) float64 {
	if g.rate() {
		return c.work / seconds / 1e9
	}
	return seconds / c.work
}

func groups() []group {
	return []group{
		{
			title: "Training step",
			note:  "Forward, loss, backward and the update by SGD; sigmoid hidden layers; the batch is in memory. \"bare\" is PyTorch's cheapest eager form: functions, and an update in place. scikit-learn is `MLPClassifier.partial_fit`.",
			unit:  "µs",
			peers: []peer{
				{name: "PyTorch bare", variant: "torch.bare", module: "torch"},
				{name: "PyTorch module", variant: "torch.module", module: "torch"},
				{name: "PyTorch bare, float32", variant: "torch.bare32", module: "torch", float32: true},
				{name: "scikit-learn", variant: "sklearn", module: "sklearn"},
			},
			cases: []benchCase{
				step("logistic, d=30, batch 32", 32, 30, 50, 30, 1),
				step("MLP 2→16→2, batch 16", 16, 22, 35, 2, 16, 2),
				step("softmax 784→10, batch 128", 128, 2.2, 3, 784, 10),
				step("MLP 784→256→10, batch 128", 128, 1.3, 1.5, 784, 256, 10),
				step("MLP 784→512→256→10, batch 256", 256, 1.1, 1.25, 784, 512, 256, 10),
			},
		},
		{
			title: "Losses, value and gradient",
			note:  "Per logit. scikit-learn is the `loss_gradient` of its linear models, which is compiled and fused as ours is.",
			unit:  "ns",
			peers: []peer{
				{name: "PyTorch", variant: "torch", module: "torch"},
				{name: "PyTorch, float32", variant: "torch32", module: "torch", float32: true},
				{name: "scikit-learn", variant: "sklearn", module: "sklearn"},
			},
			cases: []benchCase{
				loss("cross-entropy 65536×10", "crossentropy", 65536, 10, 5, 7),
				loss("cross-entropy 4096×1000", "crossentropy", 4096, 1000, 5, 7),
				loss("cross-entropy 128×10", "crossentropy", 128, 10, 7, 10),
				loss("BCE with logits, 1e6", "bce", 1e6, 1, 6, 8),
			},
		},
		{
			title: "Matrix products",
			note:  "The MLP shapes are those of the steps above, from the forward pass and back.",
			unit:  "GFLOP/s",
			peers: []peer{{name: "OpenBLAS (numpy)", variant: "numpy", module: "numpy"}},
			cases: []benchCase{
				gemm("256³", 256, 256, 256, false, false),
				gemm("512³", 512, 512, 512, false, false),
				gemm("1024³", 1024, 1024, 1024, false, false),
				gemm("128×784 · 784×10", 128, 10, 784, false, false),
				gemm("(128×784)ᵀ · 128×10", 784, 10, 128, true, false),
				gemm("128×784 · 784×256", 128, 256, 784, false, false),
				gemm("(128×784)ᵀ · 128×256", 784, 256, 128, true, false),
				gemm("128×10 · (256×10)ᵀ", 128, 256, 10, false, true),
				gemm("256×784 · 784×512", 256, 512, 784, false, false),
				gemm("(256×784)ᵀ · 256×512", 784, 512, 256, true, false),
				gemm("256×256 · (512×256)ᵀ", 256, 512, 256, false, true),
			},
		},
		{
			title: "Weighted Gram matrix XᵀWX",
			note:  "The goal is against OpenBLAS's product (WX)ᵀX alone, with WX there already; the other columns do all of the work: weights and product, or the symmetric product (dsyrk) of √W·X. Both GFLOP/s count a full product.",
			unit:  "GFLOP/s",
			peers: []peer{
				{name: "OpenBLAS, product alone", variant: "numpy.product", module: "numpy"},
				{name: "OpenBLAS, weights and product", variant: "numpy", module: "numpy"},
				{name: "OpenBLAS, weights and dsyrk", variant: "numpy.syrk", module: "numpy"},
			},
			cases: []benchCase{{
				name: "100000×30", bar: 1.7, stretch: 2.5, work: 2 * 100000 * 30 * 30,
				spec: spec{Kind: "gram", Rows: 100000, Cols: 30},
			}},
		},
		{
			title: "Reading a CSV file",
			note:  "Six decimals a number, and a column of classes. pandas' default parser does not round correctly; ours does, as does `float_precision=\"round_trip\"`.",
			unit:  "s",
			peers: []peer{
				{name: "pandas", variant: "pandas", module: "pandas"},
				{name: "pandas, rounding correctly", variant: "pandas.exact", module: "pandas"},
			},
			cases: []benchCase{{
				name: "1e6 rows × 30 numbers", bar: 1, work: 1,
				spec: spec{Kind: "csv", Rows: 1e6, Cols: 30},
			}},
		},
	}
}

func step(name string, batch int, bar, stretch float64, layers ...int) benchCase {
	c := benchCase{name: name, bar: bar, stretch: stretch, work: 1e-6, spec: spec{Kind: "step", Layers: layers, Rows: batch}}
	if layers[len(layers)-1] == 2 {
		c.without = "sklearn" // its two classes share one logit
	}
	return c
}

func loss(name, kind string, rows, cols int, bar, stretch float64) benchCase {
	return benchCase{
		name: name, bar: bar, stretch: stretch, work: 1e-9 * float64(rows*cols),
		spec: spec{Kind: kind, Rows: rows, Cols: cols},
	}
}

func gemm(name string, rows, cols, inner int, transA, transB bool) benchCase {
	return benchCase{
		name: "GEMM " + name, bar: 0.95, stretch: 1.05, work: 2 * float64(rows) * float64(cols) * float64(inner),
		spec: spec{Kind: "gemm", Rows: rows, Cols: cols, Inner: inner, TransA: transA, TransB: transB},
	}
}
