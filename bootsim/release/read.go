package release

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
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
	switch {
	case len(found) == 1 && found[0].Rule == "secure-boot-not-modelled":
		verdict, expect = bootsim.NotModelled, expect+" (signature not verified: signing key unknown)"
	case len(found) > 0:
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
	ctx.After = ctx.Device
	refused, err := refusal(ctx, b, v.unit, row)
	if err != nil {
		return []bootsim.Finding{diagnose.SignerUnknown(ctx)}
	}
	if refused != nil {
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
