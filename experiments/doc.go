// Package experiments shows that what is said about maximum likelihood,
// cross-entropy and logistic regression is so, or where it is not: one file per
// claim, each with the number that decides it.
//
// An [Experiment] has a claim in one sentence, where it comes from, how it is
// tried, and a function that tries it. What it returns, a [Result], consists of
// [Check]s, which decide; of text, tables and figures, which explain; and of
// key numbers. Every number in the text is computed by the same run. A result
// [Holds] if all of its checks do; [HoldsCorrected] if they do and the claim, as
// it is usually put, needs the correction that the result states; otherwise it
// [Fails].
//
//	for _, e := range experiments.All() {
//		result, err := e.Run(ctx, experiments.Options{Quick: true})
//		…
//		fmt.Println(e.Name, result.Verdict())
//	}
//
// [Run] runs several and keeps what is finished when it is interrupted; package
// report writes the results as one HTML page and image files.
//
// A result is a function of the options: the same seed gives the same bytes on
// one kind of processor, for any number of them. Without Quick the same claims
// are tried on more data and more replicates.
//
// The experiments use the engine of this module as a user would: autograd, nn,
// losses, optim and trainer, on the data sets that come with package datasets
// and a few of their own, whose sources are in data/README.md.
package experiments
