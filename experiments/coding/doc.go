// Package coding turns probabilities into bits: an arithmetic coder, whose
// messages are as long as their surprisal, and Huffman's code, the best that
// gives every symbol a whole number of bits.
//
// It exists to count bits. A message that a model gives the probability P takes
// at most log₂(1/P) + 2 bits with an [Encoder], whatever the model and however it
// changes from symbol to symbol, so the cross-entropy of a model is the length
// of a file. The [Decoder] shows that nothing is missing from the file.
//
// Sources: I. Witten, R. Neal, J. Cleary, "Arithmetic coding for data
// compression" (Communications of the ACM 30, 1987); D. Huffman, "A method for
// the construction of minimum-redundancy codes" (Proceedings of the IRE 40,
// 1952); T. Cover, J. Thomas, "Elements of Information Theory", chapters 5
// and 13.
package coding
