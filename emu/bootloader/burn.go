package bootloader

import (
	"encoding/binary"
	"slices"

	"github.com/bootsim/bootsim/emu/efuse"
)

// burnPlan is data to burn at once, by block. BLOCK0 comes last, for it holds
// the protection of the others.
type burnPlan map[int][]uint32

// burnQuietly is one programming command of the eFuse controller.
func (s *session) burnQuietly(p burnPlan) error {
	for block := efuse.BlockCount - 1; block >= 0; block-- {
		if empty(p[block]) {
			continue
		}
		if err := s.burnBlock(block, p[block]); err != nil {
			return err
		}
	}
	return nil
}

func empty(words []uint32) bool {
	return !slices.ContainsFunc(words, func(w uint32) bool { return w != 0 })
}

// burnBlock programs one block, coded as the chip's scheme asks.
func (s *session) burnBlock(block int, words []uint32) error {
	if block > 0 && s.dev.Efuses.ShownScheme() == efuse.Coding34 {
		words = coded(words)
	}
	return stopped(s.dev.Efuses.Burn(block, words))
}

// coded is words in the 3/4 scheme.
func coded(words []uint32) []uint32 {
	var data [24]byte
	for i, w := range words[:min(len(words), len(data)/4)] {
		binary.LittleEndian.PutUint32(data[4*i:], w)
	}
	raw := efuse.Encode34(data)
	out := make([]uint32, len(raw)/4)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(raw[4*i:])
	}
	return out
}

// burnTries is how often a block is burnt that does not read back.
const burnTries = 3

// burnBlocks burns through the efuse component, which later versions let read
// back and report. The code is that of the last block that failed.
func (s *session) burnBlocks(p burnPlan) (code int, err error) {
	if !s.p.has(featVerifiesBurns) {
		return 0, s.burnQuietly(p)
	}
	for block := efuse.BlockCount - 1; block >= 0; block-- {
		if empty(p[block]) {
			continue
		}
		ok, err := s.burnVerified(block, p[block])
		if err != nil {
			return 0, err
		}
		if !ok {
			s.log(msgBurnWrong)
			return errFail, nil
		}
	}
	return 0, nil
}

func (s *session) burnVerified(block int, words []uint32) (ok bool, err error) {
	for try := 1; try <= burnTries; try++ {
		s.log(msgBurn, block)
		if err := s.burnBlock(block, words); err != nil {
			return false, err
		}
		if s.reportBurn(block, words) {
			return true, nil
		}
		s.log(msgBurnRetry, block, try)
	}
	return false, nil
}

// reportBurn compares what was asked for with what the block reads now.
func (s *session) reportBurn(block int, words []uint32) bool {
	same, set := true, true
	for i := range efuse.BlockSize / 4 {
		var want uint32
		if i < len(words) {
			want = words[i]
		}
		got := s.dev.Efuses.ReadWord(block, i)
		same = same && got == want
		set = set && got&want == want
	}
	switch {
	case same:
		s.log(msgBurnSame, block)
	case set:
		s.log(msgBurnSet, block)
	default:
		s.log(msgBurnError, block)
	}
	return set
}
