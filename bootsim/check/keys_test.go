package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// TestKeyBesideTheSetIsAdopted if it opens the bootloader, and one magic byte
// that comes out by chance is no bootloader.
func TestKeyBesideTheSetIsAdopted(t *testing.T) {
	k := crypt.KeyFromBlock([32]byte{7})
	for _, c := range []struct {
		name  string
		head  func(*espimage.Header)
		opens bool
	}{
		{"bootloader", func(*espimage.Header) {}, true},
		{"no segment", func(h *espimage.Header) { h.SegmentCount = 0 }, false},
		{"too many segments", func(h *espimage.Header) { h.SegmentCount = 17 }, false},
		{"no mode", func(h *espimage.Header) { h.SPIMode = 6 }, false},
		{"no flag", func(h *espimage.Header) { h.HashAppended = 2 }, false},
		{"no magic", func(h *espimage.Header) { h.Magic = 0xE8 }, false},
	} {
		h := espimage.DefaultHeader(0x40080400)
		h.SegmentCount = 4
		c.head(&h)
		raw := h.Encode()
		data := lot.Encrypt(k, crypt.FullConfig, 0x1000, append(raw[:], make([]byte, 40)...))
		l := check.AdoptKey(bootsim.Lot{Contents: []bootsim.Placement{{Address: 0x1000, Data: data}},
			KeyFiles: []bootsim.KeyFile{{File: "other.bin"}, {File: "key.bin", Key: k}}})
		require.Equal(t, c.opens, l.Key != nil, c.name)
		if c.opens {
			require.True(t, l.Key.Equal(k))
			require.Contains(t, l.Assumed[0], "key.bin")
		}
	}
}

// TestLastFileAtAnAddressCounts, as it does in flash.
func TestLastFileAtAnAddressCounts(t *testing.T) {
	k := crypt.KeyFromBlock([32]byte{7})
	plain := lot.Bootloader(lot.BootloaderSpec{})
	sealed := lot.Encrypt(k, crypt.FullConfig, 0x1000, plain)
	for _, c := range []struct {
		contents [][]byte
		adopted  bool
	}{{[][]byte{plain, sealed}, true}, {[][]byte{sealed, plain}, false}} {
		l := bootsim.Lot{KeyFiles: []bootsim.KeyFile{{File: "key.bin", Key: k}}}
		for _, data := range c.contents {
			l.Contents = append(l.Contents, bootsim.Placement{Address: 0x1000, Data: data})
		}
		require.Equal(t, c.adopted, check.AdoptKey(l).Key != nil)
	}
}
