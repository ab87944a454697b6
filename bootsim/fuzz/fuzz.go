// Package fuzz mutates what devices hold below their encryption and holds every
// boot against several judges.
//
// A Mutation is data: a list of small typed changes, each of which knows the
// structure it is for and which checksums to repair. A run is a seed and an
// index; from these follow lot, mutation, boot and verdicts, whatever ran before
// or elsewhere. Runs come in chunks of ChunkSize: within a chunk, mutations that
// showed something new are changed further; between chunks nothing is passed
// on. So a campaign can be cut along chunks over any number of machines, and its
// merged result is that of one machine.
//
//	Subject   a lot's device, taken apart
//	Mutation  changes, applied to a fork of the device
//	Judge     what is asked of a boot: see judge.go
//	Campaign  runs, kept behaviours, failures; shards and their merge
package fuzz

import (
	"encoding/hex"
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
)

// Second is a second opinion on boots: an implementation of the same
// specification that shares no code with the model.
type Second interface {
	// Disagrees tells how a boot differs from what is predicted for the device
	// as it was before, with its bootloader; empty when they agree. covered is
	// false where either does not cover the case.
	Disagrees(before *emu.Device, p *bootloader.Profile, after *emu.Device, out emu.Outcome) (difference string, covered bool)
}

// Hex is bytes that JSON shows in hexadecimal.
type Hex []byte

// MarshalText writes two digits a byte.
func (h Hex) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

// UnmarshalText reads what MarshalText writes.
func (h *Hex) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil {
		return fmt.Errorf("bytes in hexadecimal: %w", err)
	}
	*h = b
	return nil
}
