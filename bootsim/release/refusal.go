package release

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// refusal is the first reason for which a bootloader refuses what it reads in
// a slot, of those that every version has or that the lot's chips demand (spec
// 3.2); nil if there is none. A bootloader that verifies signatures looks at them
// in place of the appended SHA-256. The error is diagnose.ErrSignerUnknown.
func refusal(ctx *diagnose.Context, b []byte, u *fielded, row parttable.Entry) (*emu.Refusal, error) {
	im, refused := imageRefusal(b, u, row)
	if refused != nil {
		return refused, nil
	}
	demanded, refused, err := diagnose.Signature(ctx, row)
	switch {
	case err != nil || refused != nil:
		return refused, err
	case !demanded && im.HashAppended != 0 && !im.HashOK():
		return &emu.Refusal{Reason: emu.ReasonAppHash, Detail: "its SHA-256 does not match its content"}, nil
	}
	return securityRefusal(im, u), nil
}

// imageRefusal judges everything but hash and signature.
func imageRefusal(b []byte, u *fielded, row parttable.Entry) (*espimage.Image, *emu.Refusal) {
	h, err := espimage.DecodeHeader(b)
	if err != nil {
		return nil, &emu.Refusal{Reason: emu.ReasonAppMagic, Detail: err.Error()}
	}
	if r := headerRefusal(h, u); r != nil {
		return nil, r
	}
	im, err := espimage.Parse(b)
	if err != nil {
		return nil, &emu.Refusal{Reason: emu.ReasonAppSegmentLength, Detail: err.Error()}
	}
	for i, s := range im.Segments {
		if r := segmentRefusal(i, s, row); r != nil {
			return nil, r
		}
	}
	if !im.ChecksumOK() {
		return nil, &emu.Refusal{Reason: emu.ReasonAppChecksum, Want: uint64(im.Checksum), Got: uint64(im.StoredChecksum),
			Detail: fmt.Sprintf("its checksum is 0x%02x, and 0x%02x is stored", im.Checksum, im.StoredChecksum)}
	}
	return im, nil
}

// headerRefusal judges magic byte, chip and number of segments.
func headerRefusal(h espimage.Header, u *fielded) *emu.Refusal {
	rev := u.device.Efuses.Revision(u.device.APBRevision).Full()
	least := max(h.MinRevFull, 100*uint16(h.MinRev))
	switch {
	case h.Magic != espimage.Magic:
		return &emu.Refusal{Reason: emu.ReasonAppMagic, Got: uint64(h.Magic)}
	case h.ChipID != espimage.ChipESP32:
		return &emu.Refusal{Reason: emu.ReasonAppChipID, Got: uint64(h.ChipID)}
	case rev < least:
		return &emu.Refusal{Reason: emu.ReasonAppMinRevision, Detail: fmt.Sprintf("it wants v%d.%d or newer, and the chip is v%d.%d", least/100, least%100, rev/100, rev%100)}
	case h.MaxRevFull != 0 && h.MaxRevFull != 0xFFFF && rev > h.MaxRevFull:
		return &emu.Refusal{Reason: emu.ReasonAppMaxRevision, Detail: fmt.Sprintf("it wants v%d.%d at most, and the chip is v%d.%d", h.MaxRevFull/100, h.MaxRevFull%100, rev/100, rev%100)}
	case h.SegmentCount > espimage.MaxSegments:
		return &emu.Refusal{Reason: emu.ReasonAppSegmentCount, Got: uint64(h.SegmentCount)}
	}
	return nil
}

// segmentRefusal judges where one segment goes.
func segmentRefusal(i int, s espimage.Segment, row parttable.Entry) *emu.Refusal {
	at := row.Offset + s.DataOffset
	switch c := espimage.ClassOf(s.LoadAddr); {
	case c.Mapped() && s.LoadAddr%espimage.MMUPageSize != at%espimage.MMUPageSize:
		return &emu.Refusal{Reason: emu.ReasonAppSegmentAlign,
			Detail: fmt.Sprintf("segment %d is mapped to 0x%08x and lies at 0x%08x: they differ modulo 64 KiB", i, s.LoadAddr, at)}
	case s.Length > 0 && c == espimage.ClassNone:
		return &emu.Refusal{Reason: emu.ReasonAppSegmentRange, Detail: fmt.Sprintf("segment %d goes to 0x%08x, where there is no memory", i, s.LoadAddr)}
	}
	return nil
}

// securityRefusal judges secure_version where the lot's bootloader does.
func securityRefusal(im *espimage.Image, u *fielded) *emu.Refusal {
	if a := u.lot.Bootloader.AntiRollback; a == nil || !*a {
		return nil
	}
	if im.App == nil {
		return &emu.Refusal{Reason: emu.ReasonAppDescription}
	}
	if burnt := u.device.Efuses.SecureVersion(); im.App.SecureVersion < burnt {
		return &emu.Refusal{Reason: emu.ReasonAppSecureVersion, Want: uint64(burnt), Got: uint64(im.App.SecureVersion)}
	}
	return nil
}
