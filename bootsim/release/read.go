package release

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// claim writes one image into its slot as a device does and reads it back as
// the bootloader does.
func (v *verifier) claim(c *claim) {
	expect := "an app that the lot's devices can start from there"
	if c.version != "" {
		expect = fmt.Sprintf("app version %s, which the lot's devices can start from there", c.version)
	}
	found := v.judge(c)
	verdict := bootsim.Pass
	if len(found) > 0 {
		verdict = bootsim.Fail
	}
	v.record(verdict, c, expect)
	v.find(found...)
}

func (v *verifier) judge(c *claim) []bootsim.Finding {
	ctx := v.context
	ctx.Scenario = c.String()
	if c.damage != "" {
		found := []bootsim.Finding{diagnose.Damaged(&ctx, c.file, "%s is not the file of this release: %s", c.file, c.damage)}
		return append(found, v.mixedUp(&ctx, c)...)
	}
	return v.image(&ctx, c)
}

// mixedUp tells of a file that is not the one of the release what else it is:
// another lot's or slot's, encrypted twice or not at all.
func (v *verifier) mixedUp(ctx *diagnose.Context, c *claim) []bootsim.Finding {
	if v.unit == nil || len(c.data) == 0 {
		return nil
	}
	return slices.DeleteFunc(v.image(ctx, c), func(f bootsim.Finding) bool {
		switch f.Rule {
		case "release-wrong-lot", "release-wrong-slot", "encrypted-twice", "not-encrypted", "wrong-address", "wrong-crypt-config":
			return false
		}
		return true
	})
}

// image judges the bytes of a claim.
func (v *verifier) image(ctx *diagnose.Context, c *claim) []bootsim.Finding {
	row, ok := v.unit.table.Find(c.label)
	if !ok || row.Offset != c.address || !row.IsOTA() {
		return []bootsim.Finding{diagnose.Misdescribed(ctx, c.file, "lot %s has no OTA slot %s at 0x%08x", c.lot, c.label, c.address)}
	}
	ctx.Want = diagnose.Target{Slot: int(row.Subtype - parttable.SubtypeOTA0), Label: c.label, Offset: row.Offset, Version: c.version}
	ctx.Artifact = &bootsim.Artifact{File: c.file, Data: c.data, Encrypted: c.encrypted, Version: c.version}
	ctx.Device = v.unit.device.Fork()
	if err := v.unit.app(ctx.Device).Write(row, c.data, c.encrypted); err != nil {
		return []bootsim.Finding{diagnose.Uninstallable(ctx, err)}
	}
	return v.readBack(ctx, c, row)
}

// readBack judges what the device sees in the slot. The image has to end inside
// the file: what lies behind it in flash is not part of the release.
func (v *verifier) readBack(ctx *diagnose.Context, c *claim, row parttable.Entry) []bootsim.Finding {
	b := make([]byte, min(uint64(len(c.data)+15)&^15, uint64(row.Size)))
	ctx.Device.Cached().Read(row.Offset, b)
	if refused := refusal(b, v.unit, row); refused != nil {
		refused.Slot, refused.Label, refused.Offset = ctx.Want.Slot, c.label, row.Offset
		return diagnose.Refused(ctx, *refused)
	}
	im, _ := espimage.Parse(b)
	if found := v.misstated(ctx, c, im); found != "" {
		return []bootsim.Finding{diagnose.Misdescribed(ctx, c.file, "%s", found)}
	}
	return nil
}

// misstated tells what a release says wrongly of an image that is right.
func (v *verifier) misstated(ctx *diagnose.Context, c *claim, im *espimage.Image) string {
	version := ""
	if im.App != nil {
		version = im.App.Version
	}
	switch efuses := ctx.Device.Efuses; {
	case c.version != "" && c.version != version:
		return fmt.Sprintf("the release says version %q of the app for %s, and the app says %q", c.version, c.label, version)
	case c.config == nil:
	case *c.config != uint8(efuses.CryptConfig()):
		return fmt.Sprintf("the bundle says FLASH_CRYPT_CONFIG 0x%X of the image for %s, and lot %s has 0x%X", *c.config, c.label, c.lot, uint8(efuses.CryptConfig()))
	case c.key != v.unit.key().Fingerprint():
		return fmt.Sprintf("the bundle says key %s of the image for %s, and lot %s has key %s", c.key, c.label, c.lot, v.unit.key().Fingerprint())
	}
	return ""
}

// refusal is the first reason for which a bootloader refuses what it reads in
// a slot, of those that every version has or that the lot's chips demand (spec
// 3.2); nil if there is none.
func refusal(b []byte, u *fielded, row parttable.Entry) *emu.Refusal {
	h, err := espimage.DecodeHeader(b)
	if err != nil {
		return &emu.Refusal{Reason: emu.ReasonAppMagic, Detail: err.Error()}
	}
	if r := headerRefusal(h, u); r != nil {
		return r
	}
	im, err := espimage.Parse(b)
	if err != nil {
		return &emu.Refusal{Reason: emu.ReasonAppSegmentLength, Detail: err.Error()}
	}
	for i, s := range im.Segments {
		if r := segmentRefusal(i, s, row); r != nil {
			return r
		}
	}
	switch {
	case !im.ChecksumOK():
		return &emu.Refusal{Reason: emu.ReasonAppChecksum, Want: uint64(im.Checksum), Got: uint64(im.StoredChecksum),
			Detail: fmt.Sprintf("its checksum is 0x%02x, and 0x%02x is stored", im.Checksum, im.StoredChecksum)}
	case im.HashAppended != 0 && !im.HashOK():
		return &emu.Refusal{Reason: emu.ReasonAppHash, Detail: "its SHA-256 does not match its content"}
	case !signed(b, u):
		return &emu.Refusal{Reason: emu.ReasonAppSignature, Detail: "it has no signature, and secure boot is on"}
	}
	return securityRefusal(im, u)
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

// signed tells whether a signature is there where the chip's eFuses demand one.
// Whether it is the right one is not looked at.
func signed(b []byte, u *fielded) bool {
	if u.device.Efuses.AbsDone0() {
		s, err := espimage.SignatureV1(b)
		return err == nil && s.Version == 0
	}
	if u.device.Efuses.AbsDone1() {
		s, err := espimage.SignatureV2(b)
		return err == nil && s[0].Magic == espimage.SignatureV2Magic && s[0].CRCOK()
	}
	return true
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
