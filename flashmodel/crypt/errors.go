package crypt

import (
	"fmt"

	"github.com/bootsim/bootsim/flashmodel"
)

// AlignError reports an address or a length that is no multiple of the 16-byte
// block.
type AlignError = flashmodel.AlignError

// KeyLengthError reports a key file of a length that no flash encryption key
// has.
type KeyLengthError struct {
	Len int // bytes
}

func (e *KeyLengthError) Error() string {
	return fmt.Sprintf("a flash encryption key file has 32 bytes (24 with the 3/4 coding scheme, 16 for a 128-bit secret), this one has %d; "+
		"give the file that espsecure wrote, not its text or hex form", e.Len)
}

// ShortError reports a destination that is smaller than what goes into it.
type ShortError struct {
	Need, Got int // bytes
}

func (e *ShortError) Error() string {
	return fmt.Sprintf("the result has %d bytes, the destination only %d; make it as long as the source", e.Need, e.Got)
}
