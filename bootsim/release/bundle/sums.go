package bundle

import "crypto/sha256"

// sums works out SHA-256s, those of the same memory once: 256 entries may share
// an image of 16 MB.
type sums map[view][32]byte

// view is a stretch of memory. Nobody writes to images while they are laid out.
type view struct {
	first *byte
	size  int
}

func (s sums) of(data []byte) [32]byte {
	v := view{&data[0], len(data)}
	sum, ok := s[v]
	if !ok {
		sum = sha256.Sum256(data)
		s[v] = sum
	}
	return sum
}

// bytes is how much memory the different stretches have together.
func (s sums) bytes() int {
	n := 0
	for v := range s {
		n += v.size
	}
	return n
}
