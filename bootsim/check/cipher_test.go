package check_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// sealedSet is a device with one app, all ciphertext, whose parts a test spoils.
func sealedSet(k crypt.Key) *lot.Set {
	s := &lot.Set{Name: "sealed", FlashSize: 4 << 20, Key: &k, Chip: lot.Encrypting(efuse.Revision{Major: 1}, k)}
	s.Revision = s.Chip.Revision
	rows := []parttable.Entry{
		lot.Row("nvs", parttable.TypeData, parttable.SubtypeNVS, 0x9000, 0x4000),
		lot.Row("factory", parttable.TypeApp, parttable.SubtypeFactory, 0x10000, 0x20000),
	}
	s.Add(&lot.Part{Name: "bootloader", File: "bootloader.bin", Address: 0x1000, Data: lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", FlashEncryption: true})})
	s.Add(&lot.Part{Name: "table", File: "partition-table.bin", Address: 0x8000, Data: lot.Rows(true, rows...)})
	s.Add(&lot.Part{Name: "factory", File: "factory.bin", Address: 0x10000, Data: lot.App(lot.AppSpec{Version: "1.0"})})
	s.EncryptAll(k)
	return s
}

func drawKey(t *rapid.T, name string) crypt.Key {
	var b [32]byte
	copy(b[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, name))
	b[0], b[31] = 1, 2 // neither zero nor its own reverse
	return crypt.KeyFromBlock(b)
}

// mistakeIn spoils the encryption of a part in one way and returns the rule for
// it and what the message has to name.
func mistakeIn(t *rapid.T, p *lot.Part) (rule string, names []string) {
	l := &p.Layers[0]
	at := fmt.Sprintf("0x%08x", p.Address)
	switch rapid.SampledFrom([]string{"plain", "address", "config", "key", "reversed", "twice", "twice elsewhere"}).Draw(t, "mistake") {
	case "plain":
		p.Layers = nil
		return "not-encrypted", []string{at}
	case "address":
		for l.Address == p.Address {
			l.Address = rapid.Uint32Range(0, 0xFFF).Draw(t, "sector") << 12
		}
		return "wrong-address", []string{at, fmt.Sprintf("0x%08x", l.Address)}
	case "config":
		l.Config = crypt.Config(rapid.Uint8Range(0, 14).Draw(t, "config"))
		return "wrong-crypt-config", []string{at, fmt.Sprintf("FLASH_CRYPT_CONFIG 0x%X", uint8(l.Config)), "has 0xF"}
	case "key":
		l.Key = otherKey()
		return "wrong-key", []string{at, "another lot"}
	case "reversed":
		l.Key = l.Key.Reversed()
		return "key-reversed", []string{at, "byte-reversed"}
	case "twice":
		p.Layers = append(p.Layers, *l)
		return "encrypted-twice", []string{at}
	}
	outer := *l
	for l.Address == p.Address {
		l.Address = rapid.Uint32Range(0, 0xFFF).Draw(t, "sector") << 12
	}
	p.Layers = append(p.Layers, outer)
	return "encrypted-twice", []string{at, fmt.Sprintf("first time for 0x%08x", l.Address)}
}

func otherKey() crypt.Key { return crypt.KeyFromBlock([32]byte{7: 7, 9: 9}) }

// TestDiagnosisNamesTheMistake encrypts one part wrongly, in any way, and wants
// the one finding that says which part, and what it was encrypted for.
func TestDiagnosisNamesTheMistake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sealedSet(drawKey(t, "key"))
		p := s.Part(rapid.SampledFrom([]string{"bootloader", "table", "factory"}).Draw(t, "part"))
		rule, names := mistakeIn(t, p)
		k := otherKey()
		lots := []bootsim.Lot{s.Lot(), {Name: "another lot", Key: &k}}
		r := runAll(lots, nil).Lots[0]
		require.Equal(t, bootsim.Fail, r.Verdict)
		require.Len(t, r.Findings, 1, "%+v", r.Findings)
		require.Equal(t, rule, r.Findings[0].Rule, r.Findings[0].Message)
		require.Equal(t, p.Address, *r.Findings[0].Offset)
		require.Equal(t, p.File, r.Findings[0].File)
		for _, n := range names {
			require.Contains(t, r.Findings[0].Message, n)
		}
	})
}

// TestUnknownKeyIsFoundOutInTime goes through the whole search in vain.
func TestUnknownKeyIsFoundOutInTime(t *testing.T) {
	s := sealedSet(crypt.KeyFromBlock([32]byte{1, 2, 3}))
	for _, p := range s.Parts {
		p.Layers[0].Key = otherKey()
	}
	start := time.Now()
	r := runAll([]bootsim.Lot{s.Lot()}, nil).Lots[0]
	require.Less(t, time.Since(start), 20*time.Second)
	require.Len(t, r.Findings, 1, "%+v", r.Findings)
	require.Equal(t, "undecryptable", r.Findings[0].Rule)
	require.Equal(t, uint32(0x1000), *r.Findings[0].Offset)
}
