package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/release/bundle"
	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Partition tables of the forum thread: the first production lot, and a second
// one with two slots.
const (
	oneSlot = "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,320K,\n" +
		"ota_0,app,ota_0,,1984K,\nsys,data,spiffs,,320K,\n"
	twoSlots = "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\nota_0,app,ota_0,0x10000,1792K,\nota_1,app,ota_1,0x1d0000,1792K,\n"
)

// world is the file system that the configurations of testdata live in.
func world(tb testing.TB) afero.Fs {
	tb.Helper()
	fs := afero.NewMemMapFs()
	put := func(name string, b []byte) {
		require.NoError(tb, afero.WriteFile(fs, filepath.FromSlash("set/"+name), b, 0o644))
	}
	table := binaryTable(tb, oneSlot, 0x8000)
	put("partitions.csv", []byte(oneSlot))
	put("two-slots.csv", []byte(twoSlots))
	put("partitions-9000.csv", []byte("factory,app,factory,0x20000,320K,\n"))
	put("partitions-broken.csv", []byte("nvs,data,nvs,0x9000,16K,\nfactory,app,factory,0x9000,320K,\n"))
	put("partitions.bin", table)
	put("partitions-broken.bin", append([]byte{0xAA, 0x50}, bytes.Repeat([]byte{7}, 62)...))
	put("partitions-encrypted.bin", encrypted(tb, table, 0x8000, crypt.FullConfig))
	put("partitions-config-3.bin", encrypted(tb, table, 0x8000, 3))
	put("dump.bin", dump(table))
	for _, name := range []string{"bootloader.bin", "app.bin", "app-0x10000.bin", "app-0x60000.bin", "app-0x1d0000.bin"} {
		put(name, []byte(strings.Repeat(name, 10)))
	}
	put("short.bin", []byte("a key of odd length"))
	put("empty.bin", nil)
	put("app.hex", []byte(":020000040001F9\r\n:00000001FF\r\n"))
	put("app.uf2", append([]byte("UF2\n"), make([]byte, 508)...))
	put("huge.bin", make([]byte, maxImage+1))
	put("folder/x", []byte("x"))
	put("app.bundle", releaseBundle(tb, 0x60000))
	put("app-moved.bundle", releaseBundle(tb, 0x70000))
	put("app-damaged.bundle", append(releaseBundle(tb, 0x60000)[:4095], 0))
	put("lots/lots.yaml", []byte("version: 1\nlots:\n  - {name: lot-one, key: ../key.bin, partition_table: ../partitions.csv}\nreleases: not read\n"))
	put("lots/broken.yaml", []byte("version: 1\nlots:\n  - {name: lot-one, partition_table: partitions.csv}\n"))
	put("lots/nested.yaml", []byte("version: 1\nlots_from: lots.yaml\n"))
	put("other.bin", refdata.Read(tb, "espefuse", "k2.bin"))
	put("key.bin", refdata.Read(tb, "espefuse", "k1.bin"))
	put("keys/ec.pem", refdata.Read(tb, "espsecure", "test-key-ec-a.pem"))
	put("keys/rsa.pem", refdata.Read(tb, "espsecure", "test-key-rsa-a.pub.pem"))
	put("keys/damaged.pem", []byte("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"))
	put("keys/flash_key.bin", refdata.Read(tb, "espefuse", "k1.bin"))
	for name, file := range map[string]string{"efuse.bin": "fe-dev-visible.dump", "efuse.virt": "fe-dev-visible.virt", "efuse.json": "fe-dev-visible.v4.json", "efuse.txt": "fe-dev-visible.v5.txt", "rev3.json": "rev3.v5.json"} {
		put(name, refdata.Read(tb, "espefuse", file))
	}
	return fs
}

// releaseBundle has an image for ota_0 of lot-one, at an address, and one for
// the two slots of lot-two each.
func releaseBundle(tb testing.TB, address uint32) []byte {
	one, two := bundle.LotID("lot-one"), bundle.LotID("lot-two")
	b, err := bundle.Encode([]bundle.Entry{
		{Lot: one, Label: "ota_0", Address: address, Encrypted: true, Config: 0xF, Version: "2.0", Data: []byte("for 0x60000")},
		{Lot: two, Label: "ota_0", Address: 0x10000, Data: []byte("plaintext")},
		{Lot: two, Label: "ota_1", Address: 0x1D0000, Data: []byte("plaintext")},
	})
	require.NoError(tb, err)
	return b
}

func binaryTable(tb testing.TB, csv string, offset int64) []byte {
	opt := parttable.Latest()
	opt.Offset = offset
	table, _, err := parttable.ParseCSV(csv, opt)
	require.NoError(tb, err)
	b, err := table.Encode(opt)
	require.NoError(tb, err)
	return b
}

// encrypted is a file as espsecure makes it for an address, with the key of the world.
func encrypted(tb testing.TB, plain []byte, addr uint32, config crypt.Config) []byte {
	key, err := crypt.ParseKey(refdata.Read(tb, "espefuse", "k1.bin"))
	require.NoError(tb, err)
	out := make([]byte, len(plain))
	require.NoError(tb, crypt.New(key, config).Encrypt(addr, out, plain))
	return out
}

// dump is the first 64 KiB of a flash that holds a table.
func dump(table []byte) []byte {
	b := bytes.Repeat([]byte{0xFF}, 0x10000)
	copy(b[0x1000:], "bootloader")
	copy(b[0x8000:], table)
	return b
}

// load reads a configuration of testdata as set/bootsim.yaml of the world.
func load(tb testing.TB, text []byte) (*Plan, error) {
	tb.Helper()
	fs := world(tb)
	require.NoError(tb, afero.WriteFile(fs, filepath.FromSlash("set/bootsim.yaml"), text, 0o644))
	return Load(fs, filepath.FromSlash("set/bootsim.yaml"))
}

// testdata returns the configurations of a folder by name.
func testdata(tb testing.TB, folder string) map[string][]byte {
	tb.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", folder, "*.yaml"))
	require.NoError(tb, err)
	require.NotEmpty(tb, names)
	out := map[string][]byte{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		require.NoError(tb, err)
		out[strings.TrimSuffix(filepath.Base(name), ".yaml")] = b
	}
	return out
}
