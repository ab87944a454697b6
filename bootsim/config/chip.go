package config

import (
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim/bootkey"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/pattern"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// chip reads what silicon the lot has.
func (l *loader) chip(out *lot, o object) {
	if size, ok := o.number("flash_size", 1<<32-1); ok {
		if size < 1<<20 || size > 16<<20 || size&(size-1) != 0 {
			l.fail(o.at("flash_size"), "no flash chip has this size: use 1MB, 2MB, 4MB, 8MB or 16MB")
		}
		out.FlashSize, out.FlashSizeGiven = uint32(size), true
	}
	if s := o.text("chip_revision"); s != "" {
		out.Revision = l.revision(o.at("chip_revision"), s)
	}
	if s := o.text("rom"); s != "" {
		out.ROM = l.rom(o.at("rom"), s)
	}
	l.crystal(out, o)
	if out.ROM == nil || out.Revision == nil {
		return
	}
	if (out.Revision.Major >= 3) != (*out.ROM == emu.ROM2019) {
		l.fail(o.at("rom"), "a %s chip does not have this ROM: up to v2.0 it is the one of 2016, from v3.0 on of 2019; remove the key",
			out.Revision)
	}
}

// crystal reads the frequency of the modules' crystal.
func (l *loader) crystal(out *lot, o object) {
	mhz, ok := o.number("xtal_mhz", 1<<32-1)
	if !ok {
		return
	}
	if mhz != 26 && mhz != emu.UsualCrystal {
		l.fail(o.at("xtal_mhz"), "modules of the ESP32 have a crystal of 40 MHz, a few of 26 MHz: write 40 or 26, or remove the key")
		return
	}
	out.Crystal = int(mhz)
}

// revisionForm allows v3.1, 3.1 and 3; the eFuses have two bits for each part.
var revisionForm = pattern.Of(`^v?([0-3])(?:\.([0-3]))?$`)

func (l *loader) revision(at *yaml.Node, s string) *efuse.Revision {
	m := revisionForm.FindStringSubmatch(s)
	if m == nil {
		l.fail(at, "%q is no chip revision: write it as espefuse does, v1.0 or v3.1", clip(s))
		return nil
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2]) // 0 when it is left out
	return &efuse.Revision{Major: uint8(major), Minor: uint8(minor)}
}

func (l *loader) rom(at *yaml.Node, s string) *emu.ROM {
	rom := emu.ROM2016
	switch s {
	case "2016":
	case "2019":
		rom = emu.ROM2019
	default:
		l.fail(at, "there is no ROM %q: 2016 (chips up to v2.0) or 2019 (v3.0 and later)", clip(s))
		return nil
	}
	return &rom
}

// keyLike matches what looks like a key itself rather than the name of its file.
var keyLike = pattern.Of(`^(0[xX])?([0-9a-fA-F]{2}[ :]?){16,}$`)

// key reads the key file. What it holds never gets into a message.
func (l *loader) key(out *lot, o object) {
	name, b, ok := l.keyFile(o, "key")
	if !ok {
		return
	}
	key, err := crypt.ParseKey(b)
	if err != nil {
		l.fail(o.at("key"), "%q is no flash encryption key: it has %d bytes, and a key file has 32, 24 (3/4 coding) or 16",
			clip(l.files.shown(name)), len(b))
		return
	}
	out.Key = &key
}

// bootKey reads the key of Secure Boot.
func (l *loader) bootKey(out *lot, o object) {
	name, b, ok := l.keyFile(o, "secure_boot_key")
	if !ok {
		return
	}
	key, err := bootkey.Read(l.files.shown(name), b)
	if err != nil {
		l.fail(o.at("secure_boot_key"), "%q: %v", clip(l.files.shown(name)), err)
		return
	}
	out.BootKey = key
}

// keyFile reads the file that a key of the configuration names.
func (l *loader) keyFile(o object, key string) (name string, b []byte, ok bool) {
	name = o.text(key)
	if name == "" {
		return "", nil, false
	}
	if keyLike.MatchString(name) {
		l.fail(o.at(key), "this looks like a key, not like the name of a file: put the key into a file of 32 bytes and name that")
		return "", nil, false
	}
	b, ok = l.load(o.at(key), name, maxSmall)
	return name, b, ok
}
