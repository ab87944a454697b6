package fuzz

import (
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Subject is a lot's device, taken apart, and what is known of its boot.
type Subject struct {
	Name    string
	Lot     bootsim.Lot
	Device  *emu.Device // as flashed; never changed
	Profile bootloader.Profile

	key     crypt.Key
	config  crypt.Config
	cipher  *crypt.Cipher // nil without flash encryption
	table   *parttable.Table
	parts   []part
	base    emu.Outcome // of the first boot
	passes  bool        // the lot passed its check
	donors  map[string]donor
	signers []crypto.Signer // private keys that are known
	names   []string        // of donors, in order

	booter  emu.Booter
	witness Second // nil: nothing is executed
}

// Execute has every boot of the subject repeated by a witness that executes the
// bootloader's binary.
func (s *Subject) Execute(witness Second) { s.witness = witness }

// part is a structure in flash.
type part struct {
	name     string
	kind     partKind
	at, size uint32 // what it takes of the flash
	row      parttable.Entry
	fatal    uint32 // bytes from its start of which none may change if it is to be started
	// signature is where its signature begins, and signed how long it is; 0 for none
	signature, signed uint32
	image             *espimage.Image // of bootloaders and apps
}

type partKind uint8

const (
	partBootloader partKind = iota
	partTable
	partOTAData
	partApp
	partData
	partDigest // IV and digest of Secure Boot V1
)

// donor is a part to be crossed into devices.
type donor struct {
	raw, plain []byte
	signature  bool // nothing but a signature
}

// NewSubjects takes lots apart. Parts of every lot, and artifacts of releases,
// can be crossed into each other. A lot whose device cannot be built is an
// error; one that does not boot is fuzzed all the same. Keys, if the host has
// any, are those that the lots' images are signed with: *ecdsa.PrivateKey for
// scheme V1, *rsa.PrivateKey for V2.
func NewSubjects(lots []bootsim.Lot, releases []bootsim.Release, keys ...crypto.Signer) ([]*Subject, error) {
	var all []*Subject
	for i := range lots {
		s, err := newSubject(lots[i], keys)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	donors := map[string]donor{}
	for _, s := range all {
		for _, p := range s.parts {
			if p.kind != partData {
				donors[s.Name+"/"+p.name] = donor{s.read(s.Device.Flash, p), s.read(s.Device.Cached(), p), false}
			}
			if p.signed != 0 {
				at := part{at: p.at + p.signature, size: p.signed}
				donors[s.Name+"/"+p.name+"/signature"] = donor{s.read(s.Device.Flash, at), s.read(s.Device.Cached(), at), true}
			}
		}
	}
	for i := range releases {
		for _, a := range releases[i].Artifacts {
			donors[releases[i].Name+"/"+a.File] = donor{a.Data, a.Data, false}
		}
	}
	for _, s := range all {
		s.donors = donors
		for name := range donors {
			s.names = append(s.names, name)
		}
		slices.Sort(s.names)
	}
	return all, nil
}

func newSubject(lot bootsim.Lot, keys []crypto.Signer) (*Subject, error) {
	f, err := check.Build(&lot)
	if err != nil {
		return nil, err
	}
	s := &Subject{Name: lot.Name, Lot: lot, Device: f.Device, signers: keys}
	if s.Profile, err = model.Profile(&lot, f.Device); err != nil {
		return nil, err
	}
	s.key, s.config, s.cipher = f.Device.Efuses.HardwareFlashKey(), f.Device.Efuses.CryptConfig(), f.Device.Cipher()
	s.booter = model.Booter(&lot, s.Profile)
	s.takeApart()
	s.base = s.boot(s.Device.Fork())
	s.passes = s.checked(s.Device).Verdict == bootsim.Pass
	return s, nil
}

// boot carries out one boot. It is safe for devices of one's own.
func (s *Subject) boot(d *emu.Device) emu.Outcome { return s.booter.Boot(d) }

// Fingerprint tells a device from others: the hash of its flash and of its
// eFuses but for BLOCK1, whose content is nobody's business.
func (s *Subject) Fingerprint() string {
	h := sha256.New()
	sum := s.Device.Flash.Sum()
	h.Write(sum[:])
	for i := range efuse.BlockCount {
		if i != 1 {
			h.Write(s.Device.Efuses.Cells(i))
		}
	}
	h.Write(fmt.Appendf(nil, "%d %v %s", s.Device.ROM, s.Device.APBRevision, s.Profile.Version))
	return hex.EncodeToString(h.Sum(nil)[:8])
}
