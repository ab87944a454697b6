package bootloader

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/rom"
)

// blowOld burns as versions did that look afterwards whether it helped.
func (s *session) blowOld(plan burnPlan) (code int, err error) {
	if s.p.has(featSignedBatch) {
		_, err = s.burnBlocks(plan) // the code is not handed on
		s.log(msgBatchDone)
	} else {
		err = s.burnQuietly(plan)
	}
	if err != nil {
		return 0, err
	}
	s.log(msgAfterSigned, s.dev.Efuses.ReadWord(0, 0), s.dev.Efuses.ReadWord(0, 6))
	if !s.bootEnabled() {
		s.complain(msgSignedIsOff)
		return errInvalidState, nil
	}
	s.log(msgSignedIsOn)
	return 0, nil
}

// signedKeysOld is signedKeys of v4.1 to v4.3. The first of them did not read a
// digest that was burnt before, and compared the app's key with whatever was on
// the stack.
func (s *session) signedKeysOld(app *image, plan burnPlan) (code int, err error) {
	e := s.dev.Efuses
	if scheme := e.ShownScheme(); scheme != efuse.CodingNone {
		s.complain(msgSignedCoding, int(scheme))
		return errNotSupported, nil
	}
	own, code, err := s.verifiedOwnImage()
	if code != 0 || err != nil {
		return code, err
	}
	hidden, fixed, reads := e.KeyReadProtected(bootBlock), e.KeyWriteProtected(bootBlock), s.p.has(featPreloadedRead)
	if reads && hidden {
		s.complain(msgDigestHidden)
		return errFail, nil
	}
	digest, known := rom.TrustedDigest(e), reads
	fresh := !fixed && !hidden && digest == [sha256.Size]byte{}
	if fresh {
		digest, known = s.calculated(own), true
		s.log(msgBurningDigest)
		plan[bootBlock] = wordsOf(digest[:])
	} else {
		s.log(msgDigestPreloaded)
	}
	if !fixed && (fresh || reads) {
		s.log(msgDigestProtect)
		plan[0][0] |= protectBootKey
		fixed = true
	}
	if signer := s.calculated(app); !known || signer != digest {
		s.complain(msgKeysDiffer)
		return errFail, nil
	}
	return s.blockOpen(hidden, fixed), nil
}

// blockOpen is the last look of the oldest versions at a block that was burnt before.
func (s *session) blockOpen(hidden, fixed bool) (code int) {
	switch {
	case hidden:
		s.complain(msgDigestClosed)
		return errInvalidState
	case !fixed:
		s.complain(msgDigestOpen)
		return errInvalidState
	}
	return 0
}
