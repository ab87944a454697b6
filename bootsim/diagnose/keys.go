package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// keyRelation is how a key that makes sense of some bytes relates to the
// device's own.
type keyRelation uint8

const (
	keyDevice keyRelation = iota
	keyHost               // the lot's key file, which differs from what is burnt
	keyReversed
	keyShort  // 24 bytes expanded where the device has 32, or the other way round
	keyOther  // of another lot
	keyZeroes // 32 zero bytes
)

// knownKey is a key that a set may have been encrypted with.
type knownKey struct {
	crypt.Key
	relation keyRelation
	name     string
}

// knownKeys lists the keys worth trying, the likeliest first and each once.
func knownKeys(lot *bootsim.Lot, all []bootsim.Lot, d *emu.Device) []knownKey {
	var ks keyList
	device := d.Efuses.HardwareFlashKey()
	burnt := !device.IsZero()
	if burnt || d.Efuses.FlashEncryption() {
		ks.add(device, keyDevice, "the device's key")
	}
	if lot.Key != nil {
		ks.add(*lot.Key, hostRelation(*lot.Key, device, d), "the key file of lot "+lot.Name)
	}
	for _, k := range lot.KeyFiles {
		ks.add(k.Key, hostRelation(k.Key, device, d), "the key in "+k.File)
	}
	for _, k := range ks.list {
		ks.add(k.Reversed(), keyReversed, k.name+", byte-reversed")
		ks.add(expanded(k.Key), keyShort, k.name+", cut to 24 bytes and expanded")
	}
	ks.addBlock(d.Efuses)
	for i := range all {
		ks.addLot(lot, &all[i])
	}
	return ks.list
}

// hostRelation tells how the host's key file relates to the key in BLOCK1.
func hostRelation(host, device crypt.Key, d *emu.Device) keyRelation {
	switch {
	case device.IsZero() && !d.Efuses.FlashEncryption():
		return keyDevice // nothing is burnt yet
	case host.Equal(device.Reversed()):
		return keyReversed
	case expanded(host).Equal(device), host.Equal(expanded(device)):
		return keyShort
	}
	return keyHost
}

type keyList struct{ list []knownKey }

func (ks *keyList) add(k crypt.Key, r keyRelation, name string) {
	for _, have := range ks.list {
		if have.Equal(k) {
			return
		}
	}
	ks.list = append(ks.list, knownKey{Key: k, relation: r, name: name})
}

// addBlock adds the raw 32 bytes of BLOCK1, which a device under the 3/4 coding
// scheme does not use as they are.
func (ks *keyList) addBlock(s *efuse.Set) {
	if s.CodingScheme() == efuse.Coding34 {
		var raw [crypt.KeySize]byte
		copy(raw[:], s.Cells(1))
		ks.add(crypt.KeyFromBlock(raw), keyShort, "the 32 raw bytes of BLOCK1")
	}
}

func (ks *keyList) addLot(lot, other *bootsim.Lot) {
	if other == lot || other.Name == lot.Name {
		return
	}
	if other.Key != nil {
		ks.add(*other.Key, keyOther, "the key of lot "+other.Name)
	}
	if other.Efuses != nil && !other.Efuses.HardwareFlashKey().IsZero() {
		ks.add(other.Efuses.HardwareFlashKey(), keyOther, "the key in the eFuses of lot "+other.Name)
	}
}

// expanded is the key that 3/4 coding makes of the first 24 bytes.
func expanded(k crypt.Key) crypt.Key {
	b := k.Bytes()
	e, err := crypt.ParseKey(b[:24])
	if err != nil {
		return k
	}
	return e
}
