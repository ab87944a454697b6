package crypt_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"testing"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
)

// noiseRow is what bootloaders printed of flash that held no ciphertext for
// its place.
type noiseRow struct {
	Scenario   string
	Address    uint32
	Flash      string
	SPIMode    *uint8  `json:"spi_mode"`
	SPISize    *uint8  `json:"spi_size"`
	TableMagic *uint16 `json:"table_magic"`
}

type noise struct {
	Block1 string
	Rows   []noiseRow
}

func readNoise(t testing.TB) (noise, crypt.Key) {
	var n noise
	refdata.JSON(t, &n, "espsecure", "device", "noise.json")
	b, err := hex.DecodeString(n.Block1)
	require.NoError(t, err)
	return n, crypt.KeyFromBlock([32]byte(b))
}

// deviceView is a 4 MB chip with data at addr, seen through the cache.
func deviceView(t testing.TB, k crypt.Key, addr uint32, data []byte) *crypt.View {
	f, err := flashmodel.New(4 << 20)
	require.NoError(t, err)
	require.NoError(t, f.Place(addr, data))
	return crypt.NewView(f, crypt.New(k, crypt.FullConfig))
}

// Recorded bootloaders saw the same noise: erased flash, plaintext, ciphertext
// under another key, for another place, with another configuration.
func TestNoiseOnDevice(t *testing.T) {
	n, k := readNoise(t)
	values := 0
	for _, r := range n.Rows {
		raw, err := hex.DecodeString(r.Flash)
		require.NoError(t, err)
		var b [4]byte
		deviceView(t, k, r.Address, raw).Read(r.Address, b[:])
		if r.SPIMode != nil {
			values++
			require.Equal(t, *r.SPIMode, b[2], r.Scenario)
		}
		if r.SPISize != nil {
			values++
			require.Equal(t, *r.SPISize, b[3]>>4, r.Scenario)
		}
		if r.TableMagic != nil {
			values++
			require.Equal(t, *r.TableMagic, binary.LittleEndian.Uint16(b[:]), r.Scenario)
		}
	}
	require.Equal(t, 20, values)
}

func readDevice(t testing.TB, name string) []byte {
	return refdata.Read(t, "espsecure", "device", name)
}

// Ciphertext that a device accepted: the six rows of its partition table.
func TestAcceptedTable(t *testing.T) {
	_, k := readNoise(t)
	var table [6 * 32]byte
	deviceView(t, k, 0x8000, readDevice(t, "table.bin")).Read(0x8000, table[:])
	for row := 0; row < len(table); row += 32 {
		require.Equal(t, []byte{0xAA, 0x50}, table[row:row+2])
	}
	require.Equal(t, "factory\x00", string(table[3*32+12:][:8]))
}

// An otadata entry with its CRC, which covers the sequence number (spec 2.5).
func TestAcceptedOTAData(t *testing.T) {
	_, k := readNoise(t)
	var entry [32]byte
	deviceView(t, k, 0xd000, readDevice(t, "otadata.bin")).Read(0xd000, entry[:])
	crc := crc32.Update(^uint32(0), crc32.IEEETable, entry[:4])
	require.Equal(t, crc, binary.LittleEndian.Uint32(entry[28:]))
}

// An application up to the SHA-256 at its end. It boots neither with the key
// burnt in the wrong byte order nor from another place (spec 10).
func TestAcceptedApplication(t *testing.T) {
	_, k := readNoise(t)
	app := readDevice(t, "app-0010000.bin")
	require.True(t, imageHashOK(deviceView(t, k, 0x10000, app), 0x10000, len(app)))
	require.False(t, imageHashOK(deviceView(t, k.Reversed(), 0x10000, app), 0x10000, len(app)), "key burnt unreversed")
	require.False(t, imageHashOK(deviceView(t, k, 0x20000, app), 0x20000, len(app)), "another partition")
}

// imageHashOK looks for the SHA-256 that ends an image within size bytes.
func imageHashOK(v *crypt.View, addr uint32, size int) bool {
	b := make([]byte, size)
	v.Read(addr, b)
	for end := size - 32; end >= size-64; end -= 16 {
		s := sha256.Sum256(b[:end])
		if bytes.Equal(s[:], b[end:end+32]) {
			return b[0] == 0xE9
		}
	}
	return false
}
