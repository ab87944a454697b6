package fuzz

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// started is the app that the first boot started.
func (t *trial) started() *emu.App { return t.course[0].out.App }

// verified tells whether the bootloader looks at apps at all.
func (t *trial) verified() bool {
	p := &t.Profile
	return p.SkipValidate == bootloader.SkipNever && !t.before.JTAG
}

// flip applies to mutations that flip bytes within the app that boots and
// repair nothing: that image must not boot. The byte that says whether there is
// a hash is exempt where nobody signs.
func (t *trial) flip() *Failure {
	if f := t.flippedStage(); f != nil {
		return f
	}
	p, ok := t.booting()
	if !ok || !t.verified() || t.started() == nil || t.started().Offset != p.at || !t.flipsWithin(p) {
		return nil
	}
	if t.unhashed(p) {
		return nil
	}
	return &Failure{OracleFlip, fmt.Sprintf("the image at 0x%08x boots with a flipped byte", p.at)}
}

// flippedStage is flip for a second stage that Secure Boot protects, and the
// digest of scheme V1: the ROM must not start it.
func (t *trial) flippedStage() *Failure {
	for _, p := range t.parts {
		if (p.kind == partBootloader || p.kind == partDigest) && t.base.App != nil && t.flipsWithin(p) && t.course[0].out.Stage != emu.StageROM {
			return &Failure{OracleFlip, fmt.Sprintf("the second stage is started with a flipped byte in the %s", p.name)}
		}
	}
	return nil
}

// hashFlag is the header's byte that tells of a hash.
const hashFlag = 23

// unhashed tells whether nobody would notice: the image has no hash, or no
// longer, and no signature is asked for.
func (t *trial) unhashed(p part) bool {
	var b [1]byte
	t.before.Cached().Read(p.at+hashFlag, b[:])
	return (p.image.HashAppended == 0 || b[0] == 0) && t.Profile.SignedApps == bootloader.SecureBootNone
}

// flipsWithin tells whether all that was done is to flip bytes of a part where
// none may change.
func (t *trial) flipsWithin(p part) bool {
	p.size = p.fatal
	for _, c := range t.mutation.Changes {
		inside := c.At >= p.at && uint64(c.At)+uint64(len(c.Data)) <= uint64(p.at)+uint64(p.size)
		if c.Kind != KindFlip && c.Kind != KindCipher || len(c.Repair) > 0 || !inside {
			return false
		}
	}
	// Changes may undo each other.
	return len(t.mutation.Changes) > 0 && !slices.Equal(t.read(t.before.Cached(), p), t.read(t.Device.Cached(), p))
}

// intact hashes what boots, whatever was done to it.
func (t *trial) intact() *Failure {
	app := t.started()
	if app == nil || !t.verified() || app.Offset == bootloader.ImageAddress || t.Profile.SignedApps != bootloader.SecureBootNone {
		return nil // where a signature counts, nobody compares the hash
	}
	im, b := imageAt(t.before.Cached(), app.Offset, app.Size)
	if im == nil || im.HashAppended == 0 {
		return nil // the length is the business of the second opinion
	}
	if end := im.Length - espimage.HashSize; sha256.Sum256(b[:end]) != [32]byte(b[end:im.Length]) {
		return &Failure{OracleIntact, fmt.Sprintf("the app at 0x%08x boots, and its hash is wrong", app.Offset)}
	}
	return nil
}
