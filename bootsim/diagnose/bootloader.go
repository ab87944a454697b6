package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// badBootloader explains a bootloader that the device reads rightly and that
// the ROM, or the bootloader itself, turns down.
func badBootloader(c *Context, r region, refused *emu.Refusal) bootsim.Finding {
	h, _ := espimage.DecodeHeader(headAt(c.Device.Cached(), r.addr))
	switch {
	case h.ChipID != 0:
		return c.find("bootloader-wrong-chip", "the bootloader is for chip id %d (%s), not for the ESP32", h.ChipID, chipName(h.ChipID)).
			at(r.addr).bytes(r.addr).console().done()
	case refused.Reason == emu.ReasonBootRevision:
		return c.find("bootloader-revision", "the bootloader asks for a newer chip: %s", refused.Detail).at(r.addr).console().done()
	case refused.Reason == emu.ReasonCPUFrequency:
		return c.find("bootloader-refused-options", "%s", refused.Detail).at(r.addr).console().done()
	}
	if b := damaged(c, r); b != nil {
		return b.at(r.addr).console().done()
	}
	return c.find("bootloader-corrupt", "the bootloader at 0x%08x is refused: %s", r.addr, refused.Detail).
		at(r.addr).bytes(r.addr).console().done()
}

// damaged tells how an image came to differ from what was built: cut off,
// overwritten, or reaching into what follows it. It returns nil when none of
// these explains it.
func damaged(c *Context, r region) *builder {
	p := c.written(r)
	if p == nil {
		return nil
	}
	im, err := espimage.Parse(plaintextOf(c, r, p))
	if im == nil {
		return nil
	}
	if err != nil {
		return c.find("partly-written", "%s is cut off: %v", p.File, err)
	}
	if r.kind == kindBootloader && r.addr+im.Length > c.TableOffset {
		return tooLarge(c, r, im.Length)
	}
	if over := overwriter(c, p, im.Length); over != nil && im.ChecksumOK() {
		return c.find("overwritten", "%s (0x%08x to 0x%08x) is partly overwritten by %s at 0x%08x", p.File, p.Address,
			p.Address+im.Length, over.File, over.Address).at(over.Address)
	}
	return nil
}

// underBootloader explains a table that the bootloader was written over.
func underBootloader(c *Context) *bootsim.Finding {
	r := bootloaderRegion(c)
	if n, ok := imageLength(c, r); ok && n > r.size {
		return ptr(tooLarge(c, r, n).console().done())
	}
	return nil
}

func tooLarge(c *Context, r region, length uint32) *builder {
	return c.find("bootloader-too-large", "the bootloader has 0x%x bytes, and 0x%x lie between it and the partition table at 0x%08x",
		length, r.size, c.TableOffset).at(r.addr)
}

// written returns what was put into a region: the artifact, or a placed file.
func (c *Context) written(r region) *bootsim.Placement {
	if c.Artifact != nil && r.addr == c.Want.Offset {
		return &bootsim.Placement{File: c.Artifact.File, Address: r.addr, Data: c.Artifact.Data,
			Form: formOf(c.Artifact.Encrypted)}
	}
	for i := range c.Lot.Contents {
		if p := &c.Lot.Contents[i]; p.Address == r.addr {
			return p
		}
	}
	return nil
}

func formOf(ciphertext bool) bootsim.Form {
	if ciphertext {
		return bootsim.FormRaw
	}
	return bootsim.FormEncrypted
}

// plaintextOf returns a file's content as the device would read it if nothing
// else were written.
func plaintextOf(c *Context, r region, p *bootsim.Placement) []byte {
	cipher := c.Device.Cipher()
	if p.Form == bootsim.FormEncrypted || cipher == nil {
		return p.Data
	}
	out := make([]byte, len(p.Data)&^15)
	_ = cipher.Decrypt(r.addr, out, p.Data[:len(out)])
	return out
}

// overwriter returns a file that was written later over the image's bytes.
func overwriter(c *Context, p *bootsim.Placement, length uint32) *bootsim.Placement {
	after := c.Artifact != nil
	for i := range c.Lot.Contents {
		q := &c.Lot.Contents[i]
		if q == p {
			after = true
			continue
		}
		if after && uint64(q.Address) < uint64(p.Address)+uint64(length) && q.Address > p.Address {
			return q
		}
	}
	return nil
}

// chipName names a chip_id of the image header (esp_app_format.h@v5.5.5).
func chipName(id uint16) string {
	names := map[uint16]string{2: "ESP32-S2", 5: "ESP32-C3", 9: "ESP32-S3", 12: "ESP32-C2", 13: "ESP32-C6",
		16: "ESP32-H2", 18: "ESP32-P4", 20: "ESP32-C61", 23: "ESP32-C5", 0xFFFF: "none"}
	if n, ok := names[id]; ok {
		return n
	}
	return "unknown"
}
