package xtensa

import "sync"

// bucketBits are the opcode fields op0, op1 and op2 that sort instructions
// before their masks are compared.
const bucketCount = 1 << 12

func bucketOf(w uint32) uint32 { return w&15 | w>>16&15<<4 | w>>20&15<<8 }

// buckets lists for every value of the opcode fields what it can be.
var buckets = sync.OnceValue(func() *[bucketCount][]Op {
	var b [bucketCount][]Op
	for op := range specs {
		s := &specs[op]
		if s.name == "" {
			continue
		}
		mask, match := bucketOf(s.mask), bucketOf(s.match)
		for k := range uint32(bucketCount) {
			if k&mask == match {
				b[k] = append(b[k], Op(op))
			}
		}
	}
	return &b
})
