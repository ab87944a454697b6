package fuzz

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/fixtures/oracle"
	"github.com/bootsim/bootsim/fixtures/regress"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// signedSubjects are the small lots with Secure Boot, with their keys.
func signedSubjects(t *testing.T) []*Subject {
	t.Helper()
	all, err := NewSubjects(regress.Signed(), nil, regress.Signers()...)
	require.NoError(t, err)
	return all
}

// TestSignedLotsCampaign fuzzes devices with Secure Boot of both schemes, with
// and without flash encryption, and wants signatures to have been reached.
func TestSignedLotsCampaign(t *testing.T) {
	all := signedSubjects(t)
	for _, s := range all {
		require.True(t, s.passes, s.Name)
		require.Nil(t, s.Judge(Mutation{Lot: s.Name}, oracle.Second{}), s.Name)
	}
	o := &Options{Seed: 1, Runs: 10 * ChunkSize, Second: oracle.Second{}}
	r := newResult(o, nil)
	for chunk := range o.Runs / ChunkSize { // a campaign without its shrinking
		r.absorb(runChunk(all, o, chunk))
	}
	require.Empty(t, r.failed)
	require.Greater(t, r.Compared, r.Boots*95/100)
	shown := strings.Join(slices.Sorted(maps.Keys(r.kept)), "\n")
	for _, want := range []string{"signed with untrusted key", "signature verification failed", "Stored CRC", "Image digest does not match",
		"secure boot check fail", "image valid, signature bad", "invalid signature version", "app-signed-with-other-key", "secure-boot-digest-mismatch"} {
		require.Contains(t, shown, want)
	}
}

// TestSigningAnew changes an app's code with its sums repaired: unsigned it is
// refused, signed with the device's key it boots, and with a stranger's it does
// not, whatever the device trusted before.
func TestSigningAnew(t *testing.T) {
	for _, s := range signedSubjects(t) {
		p, ok := s.booting()
		require.True(t, ok, s.Name)
		change := Change{Kind: KindFlip, At: p.at + 0x400, Data: Hex{4}, Of: p.at, Repair: []Repair{RepairChecksum, RepairHash}}
		for field, boots := range map[string]bool{"": false, SignForged: false, SignOwn: true} {
			m := Mutation{Lot: s.Name, Changes: []Change{change}}
			if field != "" {
				m.Changes = append(m.Changes, Change{Kind: KindSign, Field: field, At: p.at})
			}
			d, err := s.Apply(m)
			require.NoError(t, err)
			again, err := s.Apply(m)
			require.NoError(t, err)
			require.Equal(t, d.Flash.Sum(), again.Flash.Sum(), "a signature follows from the mutation")
			out := s.boot(d)
			require.Equal(t, boots, out.App != nil && out.App.Offset == p.at, "%s %q", s.Name, field)
			require.Nil(t, s.Judge(m, oracle.Second{}), "%s %q", s.Name, field)
		}
	}
}

// TestStrangersDeviceTrustsTheStranger burns the digest of the stranger's key and
// signs everything with it.
func TestStrangersDeviceTrustsTheStranger(t *testing.T) {
	s := signedSubjects(t)[3]
	m := Mutation{Lot: s.Name, Changes: []Change{
		{Kind: KindBootKey, Field: KeyStranger}, {Kind: KindSign, Field: SignForged, At: 0x1000}, {Kind: KindSign, Field: SignForged, At: 0x30000},
	}}
	d, err := s.Apply(m)
	require.NoError(t, err)
	require.NotNil(t, s.boot(d).App)
	require.Nil(t, s.Judge(m, oracle.Second{}))
}

// TestKeylessHostsCannotSign refuses a mutation that needs a key that is not here.
func TestKeylessHostsCannotSign(t *testing.T) {
	all, err := NewSubjects(regress.Signed()[:1], nil)
	require.NoError(t, err)
	_, err = all[0].Apply(Mutation{Changes: []Change{{Kind: KindSign, Field: SignOwn, At: 0x30000}}})
	require.ErrorContains(t, err, "--signing-key")
	_, err = all[0].Apply(Mutation{Changes: []Change{{Kind: KindSign, Field: SignForged, At: 0x1000}}})
	require.ErrorContains(t, err, "nothing at 0x00001000 is signed")
}

// TestEveryFlipInASignedPartIsFatal flips a bit of every eleventh byte, and of
// every byte of the header and of the signature, of all that Secure Boot protects.
func TestEveryFlipInASignedPartIsFatal(t *testing.T) {
	for _, s := range signedSubjects(t) {
		kinds := map[partKind]bool{}
		for _, p := range s.inviolable() {
			kinds[p.kind] = true
			for at := uint32(0); at < p.fatal; at++ {
				if at%11 != 0 && at >= 24 && (p.signed == 0 || at < p.signature || at%7 != 0) {
					continue
				}
				d, err := s.Apply(Mutation{Changes: []Change{{Kind: KindFlip, At: p.at + at, Data: Hex{1 << (at % 8)}}}})
				require.NoError(t, err)
				if at%97 != 0 && p.kind == partBootloader && at > 1024 {
					continue // the ROM digests 40 KiB
				}
				out := s.boot(d)
				if p.kind == partApp {
					require.False(t, out.App != nil && out.App.Offset == p.at, "%s %s offset %d", s.Name, p.name, at)
				} else {
					require.Equal(t, emu.StageROM, out.Stage, "%s %s offset %d", s.Name, p.name, at)
				}
			}
		}
		require.True(t, kinds[partApp] && kinds[partBootloader], s.Name)
	}
}

// plantedRuns is how many runs a campaign over one signed lot may take to find a
// planted mistake.
const plantedRuns = 16 * ChunkSize

// TestCampaignsFindPlantedMistakes plants mistakes about signatures and wants a
// campaign to find each within plantedRuns.
func TestCampaignsFindPlantedMistakes(t *testing.T) {
	unsigned := func(p *bootloader.Profile) { p.SignedApps = bootloader.SecureBootNone }
	for _, c := range []struct {
		name   string
		lots   []int
		oracle string // of which one must say no
		second Second
		tamper func(*Subject) booted
	}{
		{"no signature is verified", []int{0, 1, 2, 3}, OracleSecond, oracle.Second{}, profiled(unsigned)},
		{"no signature is verified, without a second opinion", []int{0, 1, 3}, OracleFlip, nil, profiled(unsigned)},
		{"the ROM verifies nothing", []int{0, 1, 2, 3}, OracleFlip, nil, insecureROM(false)},
		{"any key is trusted", []int{2, 3}, OracleSecond, oracle.Second{}, insecureROM(true)},
		{"the first block alone counts", []int{2, 3}, OracleSecond, oracle.Second{}, firstBlockAlone},
	} {
		for _, i := range c.lots {
			s := signedSubjects(t)[i]
			t.Run(c.name+"/"+s.Name, func(t *testing.T) {
				s.booter = c.tamper(s)
				o := &Options{Seed: 1, Runs: plantedRuns, Second: c.second}
				found := false
				for chunk := uint64(0); chunk < plantedRuns/ChunkSize && !found; chunk++ {
					for _, f := range runChunk([]*Subject{s}, o, chunk).failed {
						if f.Oracle == c.oracle && !found {
							found = true
							t.Logf("run %d: %s", f.Run, f.Message)
						}
					}
				}
				require.True(t, found)
			})
		}
	}
}

// profiled boots with a changed profile.
func profiled(set func(*bootloader.Profile)) func(*Subject) booted {
	return func(s *Subject) booted {
		p := s.Profile
		set(&p)
		return model.Booter(&s.Lot, p).Boot
	}
}

// insecureROM boots as if secure boot were not enabled, although the second
// stage does as if it were; with anyKey it trusts every key.
func insecureROM(anyKey bool) func(*Subject) booted {
	return func(s *Subject) booted {
		p := s.Profile
		p.SecureBoot = bootloader.SecureBootNone
		honest := model.Booter(&s.Lot, p)
		return func(d *emu.Device) emu.Outcome {
			fork := d.Fork()
			w := &work{Subject: s, dev: fork}
			for _, f := range []string{"ABS_DONE_0", "ABS_DONE_1"} {
				if err := w.fuse(&Change{Kind: KindEfuse, Field: f}); err != nil {
					panic(err)
				}
			}
			if anyKey { // that of the app itself
				if err := w.fuse(&Change{Kind: KindBootKey, Field: KeyZero}); err != nil {
					panic(err)
				}
			}
			return honest.Boot(fork)
		}
	}
}

// firstBlockAlone boots what is left when all but the first block of the app's
// sector is erased.
func firstBlockAlone(s *Subject) booted {
	honest := s.booter
	return func(d *emu.Device) emu.Outcome {
		fork := d.Fork()
		w := &work{Subject: s, dev: fork}
		for _, p := range s.parts {
			if p.kind != partApp || p.signed == 0 {
				continue
			}
			rest := ones(secureboot.SectorSize - espimage.SignatureV2BlockSize)
			if err := w.write(p.at+p.signature+espimage.SignatureV2BlockSize, rest); err != nil {
				panic(err)
			}
		}
		return honest.Boot(fork)
	}
}
