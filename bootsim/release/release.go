// Package release makes, serves and verifies what a fleet of several lots is
// updated with:
//
//	Build   plaintext apps → for every lot and slot the file that it needs, an
//	        index by running partition, and one bundle for all
//	Open    reads such a folder
//	Server  answers a device's request (lot, running partition) over HTTP
//	Verify  reads every file as the lots' devices would, without the plaintext
//
// docs/release.md describes index and protocol, docs/bundle.md the bundle.
package release

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// LotError tells why a release cannot be made for a lot.
type LotError struct {
	Lot string
	Err error
}

func (e *LotError) Error() string { return fmt.Sprintf("lot %s: %v", e.Lot, e.Err) }

// Unwrap returns the cause.
func (e *LotError) Unwrap() error { return e.Err }

// fielded is a device of a lot as updates meet it.
type fielded struct {
	lot    *bootsim.Lot
	device *emu.Device
	table  *parttable.Table
	slots  []parttable.Entry // ota_0, ota_1, … as the application counts them
	// host tells that flash encryption is on with a key that the host knows:
	// files can be encrypted before they reach the device.
	host bool
}

// field puts a lot's device together and reads its table as the application does.
func field(lot *bootsim.Lot, e check.Engine) (*fielded, error) {
	f, err := check.Settle(lot, e)
	switch {
	case errors.Is(err, check.ErrKeyUnknown):
		return nil, &LotError{lot.Name, fmt.Errorf("%w: name the host's copy of it with \"key\"", err)}
	case err != nil:
		return nil, &LotError{lot.Name, err}
	}
	table, err := ota.Table(f.Device, check.TableOffset(lot))
	if err != nil {
		return nil, &LotError{lot.Name, &tableError{check.TableOffset(lot), err}}
	}
	u := &fielded{lot: lot, device: f.Device, table: table, host: f.Device.Efuses.FlashEncryption() && keyGiven(lot, f.Device)}
	u.slots = u.app(f.Device).Slots()
	u.trust()
	return u, nil
}

// trust completes a blank BLOCK2 with the digest of the key that devices with
// Secure Boot V2 trust once they have booted: the one that the host knows, or
// that of the key which signed the bootloader.
func (u *fielded) trust() {
	e := u.device.Efuses
	if e.AbsDone0() || e.KeyReadProtected(2) || rom.TrustedDigest(e) != [secureboot.DigestSize]byte{} {
		return
	}
	var digest []byte
	if k := u.lot.BootKey; k != nil {
		if !k.Signed {
			return
		}
		digest = k.Data
	} else if !e.AbsDone1() {
		digest = bootloaderSigner(u.device)
	}
	if digest != nil {
		_ = e.PlaceData(2, digest) // the 3/4 coding scheme has no room for it, nor Secure Boot V2
	}
}

// bootloaderSigner is the digest of the key that signed the bootloader; nil if
// none did.
func bootloaderSigner(d *emu.Device) []byte {
	b := make([]byte, secureboot.ROMV2Span)
	d.Cached().Read(rom.ImageAddress, b)
	res := secureboot.VerifyV2(b, secureboot.Options{})
	if !res.OK() {
		return nil
	}
	digest := res.Blocks[len(res.Blocks)-1].KeyDigest
	return digest[:]
}

// keyGiven tells whether the device's key is one that the description of the
// lot holds. The first boot of a chip without one generates a key that nobody
// knows; a model's stand-in for it must not encrypt anything.
func keyGiven(lot *bootsim.Lot, d *emu.Device) bool {
	k := d.Efuses.HardwareFlashKey()
	if lot.Key != nil && lot.Key.Equal(k) {
		return true
	}
	return lot.Efuses != nil && lot.Efuses.HardwareFlashKey().Equal(k)
}

func (u *fielded) app(d *emu.Device) *ota.App { return &ota.App{Device: d, Table: u.table} }

// key is the key that files for this device are encrypted with.
func (u *fielded) key() crypt.Key { return u.device.Efuses.HardwareFlashKey() }

// image is a plaintext app as a slot needs it, filled with ones up to the next
// 16 bytes, and whether it is ciphertext.
func (u *fielded) image(app []byte, addr uint32, plaintext bool) ([]byte, bool, error) {
	out := make([]byte, (len(app)+crypt.BlockSize-1)&^(crypt.BlockSize-1))
	for i := copy(out, app); i < len(out); i++ {
		out[i] = 0xFF
	}
	if plaintext || !u.host {
		return out, false, nil
	}
	return out, true, u.device.Cipher().Encrypt(addr, out, out)
}

// route is where a device that runs one partition updates to.
type route struct {
	running parttable.Entry
	target  *parttable.Entry // nil: nowhere
	reason  string           // why not
}

// routes lists every partition that a device of the lot can run: factory and
// test apps, and the OTA slots (emu/ota, esp_ota_get_next_update_partition).
func (u *fielded) routes() []route {
	var out []route
	for _, e := range u.table.Apps() {
		running := -1
		for i, s := range u.slots {
			if s == e {
				running = i
			}
		}
		if e.IsOTA() && running < 0 {
			continue // behind a gap in the numbers: nothing selects it
		}
		r := route{running: e}
		if x, err := u.app(u.device).Next(running); err != nil {
			r.reason = err.Error() + u.otherWay()
		} else {
			r.target = &u.slots[x]
		}
		out = append(out, r)
	}
	return out
}

// otherWay tells how the only OTA slot is updated.
func (u *fielded) otherWay() string {
	if f, ok := u.table.Factory(); ok && len(u.slots) == 1 {
		return "; it is updated while " + f.Name() + " runs"
	}
	return ""
}
