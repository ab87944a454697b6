package esp32

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// seed is where the random number generator begins: chips with different
// addresses draw different numbers, and the same chip draws the same again.
func seed(d *emu.Device) uint64 {
	mac, _ := d.Efuses.MAC()
	sum := sha256.Sum256(append(append([]byte("numbers drawn by "), mac[:]...), d.Entropy...))
	return binary.LittleEndian.Uint64(sum[:])
}

// Draws returns the random numbers that the second stage put to use: how often
// it reads the generator for each depends on its compiler, so that nobody else
// can draw the same.
func (m *Machine) Draws() *emu.Draws {
	d := m.draws
	return &d
}

// drewKey notes what is burnt to a key block that was empty. Data under the 3/4
// scheme is noted as it was before coding, if it was coded.
func (m *Machine) drewKey(block int, words []uint32) {
	if block != 1 && block != 2 || slices.ContainsFunc(m.dev.Efuses.Cells(block), func(b byte) bool { return b != 0 }) {
		return
	}
	var raw [efuse.BlockSize]byte
	for i, w := range words {
		binary.LittleEndian.PutUint32(raw[4*i:], w)
	}
	data := raw[:]
	if m.dev.Efuses.ShownScheme() == efuse.Coding34 {
		if plain, bad := efuse.Decode34(raw); len(bad) == 0 {
			data = plain[:]
		}
	}
	if block == 1 {
		m.draws.FlashKey = data
		return
	}
	m.draws.BootKey = data
}

// wroteEntry notes the label of an otadata entry, if that is what is programmed:
// old bootloaders do not set it. Drivers fill the data registers with the
// plaintext also where they have prepared its ciphertext.
func (m *Machine) wroteEntry(plain []byte) {
	if len(plain) != otadata.EntrySize {
		return
	}
	if e := otadata.Decode(plain); e.CRCOK() {
		m.draws.Label = e.Label[:]
	}
}
