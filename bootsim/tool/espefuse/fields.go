package espefuse

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/bootsim/bootsim/emu/efuse"
)

// userCategory is the heading of the fields of the user's own table.
const userCategory = "User"

// listFields puts the fields in the reference's order. Those of a custom MAC
// come last unless the chip has one, and burn-efuse does not know them then;
// calibration points exist only on chips that say so.
func (c *chip) listFields(custom []customField) {
	plain, keys, mac, adc, derived := fieldGroups()
	c.fields, c.comments = plain, map[string]string{}
	for _, f := range custom {
		c.fields = append(c.fields, f.Field)
		c.comments[f.Name] = f.comment
	}
	c.fields = append(c.fields, keys...)
	hasMAC := c.get("MAC_VERSION") == 1
	if hasMAC {
		c.fields = append(c.fields, mac...)
	}
	if c.get("BLK3_PART_RESERVE") == 1 {
		c.fields = append(c.fields, adc...)
	}
	c.fields = append(c.fields, derived...)
	c.named = len(c.fields)
	if !hasMAC {
		c.fields = append(c.fields, mac...)
	}
}

func fieldGroups() (plain, keys, mac, adc, derived []efuse.Field) {
	for _, f := range efuse.Fields() {
		switch {
		case f.Derived:
			derived = append(derived, f)
		case f.WholeBlock():
			keys = append(keys, f)
		case f.Block == 3 && f.Category == "calibration":
			adc = append(adc, f)
		case f.Name == customMAC || f.Name == customMACCRC:
			mac = append(mac, f)
		default:
			plain = append(plain, f)
		}
	}
	return plain, keys, mac, adc, derived
}

// Names of fields that need more than their bits.
const (
	factoryMAC   = "MAC"
	customMAC    = "CUSTOM_MAC"
	customMACCRC = "CUSTOM_MAC_CRC"
	adcVref      = "ADC_VREF"
	cryptCount   = "FLASH_CRYPT_CNT"
)

// field finds a field by any name that the reference has for it.
func (c *chip) field(name string) (efuse.Field, bool) {
	for _, f := range c.fields {
		if f.Name == name || slices.Contains(f.Aliases, name) {
			return f, true
		}
	}
	return efuse.Field{}, false
}

// must is field for names that this package itself uses.
func (c *chip) must(name string) efuse.Field {
	f, ok := c.field(name)
	if !ok {
		panic("espefuse: no field " + name)
	}
	return f
}

// get returns the bits of a field of up to 64 bits.
func (c *chip) get(name string) uint64 { return c.shown.Get(c.must(name)) }

// names lists what can be named in a command: every name of the fields that ok
// accepts.
func (c *chip) names(ok func(efuse.Field) bool) (names []string) {
	for _, f := range c.fields[:c.named] {
		if !ok(f) {
			continue
		}
		names = append(append(names, f.Name), f.Aliases...)
		if f.Name == "BLOCK3" {
			names = append(names, "MAC_CUSTOM_VER") // the reference lists it twice
		}
	}
	return names
}

// bits returns what a field holds.
func (c *chip) bits(f efuse.Field) bits {
	if f.Derived {
		v, _ := c.shown.Value(f, apbBit).(int)
		return bitsOfInt(big.NewInt(int64(v)), f.Len)
	}
	return bitsOf(c.shown.Bytes(f), c.shown.FieldLen(f))
}

// apbBit is the third bit of the chip revision, which no eFuse holds. The
// virtual chip has it.
const apbBit = true

// pendingBits returns what is to be burnt into a field.
func (c *chip) pendingBits(f efuse.Field) bits {
	return c.blocks[f.Block].pending.slice(f.Bit, c.shown.FieldLen(f))
}

// typeText names the type of a field as JSON summaries do: uint:7.
func (c *chip) typeText(f efuse.Field) string {
	switch n := c.shown.FieldLen(f); f.Kind {
	case efuse.Bool:
		return "bool"
	case efuse.Bytes:
		return fmt.Sprintf("bytes:%d", n/8)
	default:
		return fmt.Sprintf("uint:%d", n)
	}
}

// value returns what is shown of a field: a bool, a number or a string.
func (c *chip) value(f efuse.Field) any {
	if f.Category == userCategory && f.Kind == efuse.Uint && f.Len > 62 {
		return c.bits(f).int()
	}
	return c.shown.Value(f, apbBit)
}
