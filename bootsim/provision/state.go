package provision

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"slices"
	"strconv"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
)

// state is all that a step finds: the device, and the files of the steps before.
// It never changes; a step makes a new one.
type state struct {
	device *emu.Device
	files  map[string]*content
	// writes are what was flashed, the latest last, as far as files are known.
	writes []write
	keys   []keyUse
}

// write is one file that was written to flash.
type write struct {
	addr, size uint32
	file       string
	step       int // number of the step
	encrypt    bool
	data       []byte // of the file
}

// digest identifies a state by everything that decides what steps do to it: of
// the keys, the one that is taken for a key file that is missing. The others and
// the writes only word messages, which are of the plan's own order, carried out
// before any other.
type digest [sha256.Size]byte

func (s *state) digest() digest {
	h := sha256.New()
	d := deviceDigest(s.device)
	h.Write(d[:])
	d = s.filesDigest()
	h.Write(d[:])
	return digest(h.Sum(nil))
}

// filesDigest identifies the files alone.
func (s *state) filesDigest() digest {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		h.Write([]byte(strconv.Quote(name)))
		if c := s.files[name]; c != nil {
			h.Write(c.sum[:])
		}
	}
	if k, ok := s.onlyKey(); ok {
		b := k.key.Bytes()
		h.Write([]byte(strconv.Quote(k.file) + strconv.Quote(k.full)))
		h.Write(b[:])
	}
	return digest(h.Sum(nil))
}

// deviceDigest identifies what of a device outlives a reset.
func deviceDigest(d *emu.Device) digest {
	h := sha256.New()
	sum := d.Flash.Sum()
	h.Write(sum[:])
	for block := range efuse.BlockCount {
		h.Write(d.Efuses.Cells(block))
	}
	return digest(h.Sum(nil))
}

// filled makes the content of a file of one byte, from its size and value in words.
func filled(args []string) ([]byte, error) {
	if len(args) != 2 {
		return nil, errFileOp
	}
	size, err := strconv.Atoi(args[0])
	if err != nil || size < 0 || size > maxInput {
		return nil, errFileOp
	}
	value, err := strconv.ParseUint(args[1], 10, 8)
	if err != nil {
		return nil, errFileOp
	}
	return bytes.Repeat([]byte{byte(value)}, size), nil
}
