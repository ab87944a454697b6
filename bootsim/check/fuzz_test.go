package check_test

import (
	"bytes"
	"testing"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// FuzzCheck flashes any bytes as table, otadata, app and bootloader, as the
// device reads them, with or without flash encryption, and installs any bytes:
// a check ends, with a verdict, and every finding is whole. A bootloader that
// works stands in for an empty one, so that the rest is reached.
func FuzzCheck(f *testing.F) {
	works := lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", FlashEncryption: true})
	table := lot.Rows(true, lot.Row("otadata", parttable.TypeData, parttable.SubtypeOTAData, 0xD000, 0x2000),
		lot.Row("ota_0", parttable.TypeApp, parttable.SubtypeOTA0, 0x10000, 0x10000),
		lot.Row("ota_1", parttable.TypeApp, parttable.SubtypeOTA0+1, 0x20000, 0x10000))
	entry := otadata.New(1, otadata.StateNew).Encode()
	table = bytes.TrimRight(table, "\xFF")
	f.Add([]byte{}, table, entry[:], smallApp(), false)
	f.Add([]byte{}, table, []byte{}, smallApp(), true)
	f.Add(works[:64], table, entry[:], []byte{0xE9}, false)
	f.Fuzz(func(t *testing.T, boot, table, entries, app []byte, sealed bool) {
		if len(boot) == 0 {
			boot = works
		}
		l := bootsim.Lot{Name: "fuzzed", FlashSize: 1 << 20, Efuses: efuse.New()}
		k := crypt.KeyFromBlock([32]byte{1, 2, 3})
		if sealed {
			l.Efuses = lot.Chip(lot.Encrypting(efuse.Revision{Major: 1}, k))
		}
		add := func(addr uint32, data []byte) {
			data = data[:min(len(data), 0x8000)]
			if sealed {
				data = lot.Encrypt(k, crypt.FullConfig, addr, data)
			}
			l.Contents = append(l.Contents, bootsim.Placement{File: "data", Address: addr, Data: data})
		}
		add(0x1000, boot)
		add(0x8000, table)
		add(0xD000, entries)
		add(0x10000, app)
		release := bootsim.Release{Name: "r", Artifacts: []bootsim.Artifact{{File: "a", Data: app}}}
		requireWhole(t, runAll([]bootsim.Lot{l}, []bootsim.Release{release}))
	})
}

func requireWhole(t *testing.T, r *bootsim.Report) {
	for _, found := range r.Findings {
		if found.Rule == "" || found.Message == "" || found.Remedy == "" {
			t.Fatalf("incomplete finding %+v", found)
		}
	}
	if r.Verdict == bootsim.Fail && len(r.Findings) == 0 {
		t.Fatal("a fail without a finding")
	}
}

// smallApp is an image of half a kilobyte with everything that boots.
func smallApp() []byte {
	return espimage.Build(espimage.Spec{Header: espimage.DefaultHeader(0x40080400), App: &espimage.AppDesc{Version: "1", IDFVersion: "v4.4.8"},
		Segments: []espimage.Data{{LoadAddr: 0x3F400020, Bytes: make([]byte, 16)}, {LoadAddr: 0x40080400, Bytes: make([]byte, 16)},
			{LoadAddr: 0x400D0158, Bytes: make([]byte, 16)}}})
}
