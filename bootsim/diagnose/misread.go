package diagnose

import (
	"fmt"
	"math/bits"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// misread explains a region whose bytes the device does not read as they were
// meant. It returns nil when the device reads them rightly, so that the fault
// lies in what they say.
func misread(c *Context, r region) *bootsim.Finding {
	if c.Device.Flash.Erased(r.addr, unit) {
		return ptr(missing(c, r))
	}
	rd, ok := c.read(r)
	if !ok {
		return ptr(senseless(c, r))
	}
	if rd.asDevice(c.Device, r.addr) {
		return nil
	}
	return ptr(explainReading(c, r, rd))
}

func ptr(f bootsim.Finding) *bootsim.Finding { return &f }

// explainReading names what is wrong with how a region was encrypted.
func explainReading(c *Context, r region, rd reading) bootsim.Finding {
	on := c.Device.Efuses.FlashEncryption()
	switch {
	case len(rd.layers) == 0:
		return plaintext(c, r)
	case len(rd.layers) > 1:
		return twice(c, r, rd)
	case !on:
		return disabled(c, r, rd.layers[0])
	}
	return otherLayer(c, r, rd.layers[0])
}

func plaintext(c *Context, r region) bootsim.Finding {
	if r.kind == kindOTAData {
		return otadataPlain(c, r)
	}
	b := c.find("not-encrypted", "the %s at 0x%08x is plaintext, and flash encryption is on (FLASH_CRYPT_CNT=0x%02x)",
		r.name(), r.addr, c.Device.Efuses.FlashCryptCnt())
	return b.at(r.addr).partition(r.label).bytes(r.addr).console().
		remedy("espsecure.py encrypt_flash_data --keyfile KEY --address 0x%x -o OUT %s, and flash OUT to 0x%x; or flash the plaintext with write_flash --encrypt.",
			r.addr, orName(b.f.File), r.addr).done()
}

func orName(file string) string {
	if file == "" {
		return "FILE"
	}
	return file
}

// name is how messages call the region.
func (r region) name() string {
	if r.label == "" {
		return r.kind.String()
	}
	return fmt.Sprintf("%s in %s", r.kind, r.label)
}

func twice(c *Context, r region, rd reading) bootsim.Finding {
	if f := recounted(c, r, rd); f != nil {
		return *f
	}
	inner := rd.layers[1]
	msg := fmt.Sprintf("the %s at 0x%08x was encrypted twice", r.name(), r.addr)
	if inner.addr != r.addr {
		msg += fmt.Sprintf(", the first time for 0x%08x", inner.addr)
	}
	if inner.key.relation != keyDevice {
		msg += ", the first time with " + inner.key.name
	}
	return c.find("encrypted-twice", "%s", msg).at(r.addr).partition(r.label).bytes(r.addr).console().done()
}

// disabled explains ciphertext on a device that does not decrypt.
func disabled(c *Context, r region, l layer) bootsim.Finding {
	cnt := c.Device.Efuses.FlashCryptCnt()
	what := fmt.Sprintf("the %s at 0x%08x is ciphertext (%s opens it)", r.name(), r.addr, l.key.name)
	if cnt != 0 {
		return c.find("flash-crypt-cnt-even", "%s, and FLASH_CRYPT_CNT=0x%02x has %d bits set: an even number switches flash encryption off",
			what, cnt, bits.OnesCount8(cnt)).at(r.addr).partition(r.label).bytes(r.addr).console().
			remedy("Burn one more bit: espefuse.py burn_efuse FLASH_CRYPT_CNT 0x%02x.", cnt|nextBit(cnt)).done()
	}
	if r.kind == kindBootloader && interrupted(c) {
		return c.find("first-boot-interrupted", "%s, the partition table is plaintext, the key is burnt and FLASH_CRYPT_CNT is 0: the first boot was interrupted while it encrypted", what).
			at(r.addr).bytes(r.addr).bytes(c.TableOffset).console().done()
	}
	return c.find("encrypted-but-disabled", "%s, and FLASH_CRYPT_CNT is 0: the device does not decrypt", what).
		at(r.addr).partition(r.label).bytes(r.addr).console().done()
}

func nextBit(cnt uint8) uint8 {
	for b := uint8(1); b < 0x80; b <<= 1 {
		if cnt&b == 0 {
			return b
		}
	}
	return 0
}

// interrupted tells whether flash looks as a cut first boot leaves it.
func interrupted(c *Context) bool {
	return !c.Device.Efuses.HardwareFlashKey().IsZero() && kindTable.sensible(headAt(c.Device.Flash, c.TableOffset))
}

func headAt(r flashmodel.Reader, addr uint32) []byte {
	b := make([]byte, unit)
	r.Read(addr, b)
	return b
}

// otherLayer explains ciphertext of another key, address or configuration than the device's.
func otherLayer(c *Context, r region, l layer) bootsim.Finding {
	s := c.Device.Efuses
	sameKey := l.key.Equal(s.HardwareFlashKey())
	var b *builder
	switch {
	case !sameKey && s.HardwareFlashKey().IsZero():
		b = c.find("key-blank", "FLASH_CRYPT_CNT=0x%02x enables flash encryption, and no key is burnt in BLOCK1; the %s at 0x%08x was encrypted with %s",
			s.FlashCryptCnt(), r.name(), r.addr, l.key.name)
	case !sameKey:
		b = otherKey(c, r, l)
	case l.addr != r.addr:
		b = otherAddress(c, r, l)
	default:
		b = otherConfig(c, r, l)
	}
	if !sameKey || l.addr != r.addr {
		b.f.Message += alsoDiffers(s.CryptConfig(), l, r.addr, sameKey)
	}
	return b.at(r.addr).partition(r.label).bytes(r.addr).console().done()
}

// alsoDiffers names what is wrong besides the principal thing.
func alsoDiffers(own crypt.Config, l layer, addr uint32, sameKey bool) string {
	var s string
	if !sameKey && l.addr != addr {
		s += fmt.Sprintf("; and for address 0x%08x", l.addr)
	}
	if l.config != own {
		s += fmt.Sprintf("; and for FLASH_CRYPT_CONFIG 0x%X where the device has 0x%X", uint8(l.config), uint8(own))
	}
	return s
}

func otherKey(c *Context, r region, l layer) *builder {
	rule, why := "wrong-key", "which is not the device's key"
	switch l.key.relation {
	case keyReversed:
		rule, why = "key-reversed", "so the key in BLOCK1 has the wrong byte order"
	case keyShort:
		scheme := c.Device.Efuses.CodingScheme()
		rule, why = "key-length", fmt.Sprintf("and the device, under coding scheme %s, takes %d bytes from BLOCK1", scheme, scheme.DataSize())
	case keyOther:
		if c.Artifact != nil {
			rule = "release-wrong-lot"
		}
	}
	if c.Device.Efuses.CheckCoding(1) != nil {
		rule, why = "coding-scheme-broken", fmt.Sprintf("and BLOCK1 does not satisfy coding scheme %s: the device takes another key from it", c.Device.Efuses.CodingScheme())
	}
	return c.find(rule, "the %s at 0x%08x was encrypted with %s, %s", r.name(), r.addr, l.key.name, why)
}

func otherConfig(c *Context, r region, l layer) *builder {
	return c.find("wrong-crypt-config", "the %s at 0x%08x was encrypted for FLASH_CRYPT_CONFIG 0x%X, and the device has 0x%X",
		r.name(), r.addr, uint8(l.config), uint8(c.Device.Efuses.CryptConfig()))
}

// otherAddress explains ciphertext for another address, and for a release
// whose slot that would be.
func otherAddress(c *Context, r region, l layer) *builder {
	whose := ownerOf(c, l.addr)
	msg := fmt.Sprintf("the %s at 0x%08x was encrypted for 0x%08x%s", r.name(), r.addr, l.addr, whose.text)
	rule := "wrong-address"
	if c.Artifact != nil && whose.lot != "" {
		rule = "release-wrong-slot"
		if whose.lot != c.Lot.Name {
			rule = "release-wrong-lot"
			msg = fmt.Sprintf("%s fits lot %s and is wrong for lot %s: it was encrypted for 0x%08x%s, and lot %s writes it to %s at 0x%08x",
				c.Artifact.File, whose.lot, c.Lot.Name, l.addr, whose.text, c.Lot.Name, r.label, r.addr)
		}
	}
	return c.find(rule, "%s", msg).remedy("espsecure.py encrypt_flash_data --keyfile KEY --address 0x%x -o OUT PLAINTEXT: one file for each address that it is written to.", r.addr)
}
