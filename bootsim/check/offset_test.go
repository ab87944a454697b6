package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// TestTableOffsetOfADump finds the table of a flash dump whose bootloader is too
// large for one at 0x8000, and does not go looking otherwise: a bootloader that
// leaves 0x8000 free expects the table there.
func TestTableOffsetOfADump(t *testing.T) {
	k := crypt.KeyFromBlock([32]byte{1, 2, 3})
	rows := lot.Rows(true, lot.Row("factory", parttable.TypeApp, parttable.SubtypeFactory, 0x20000, 0x10000))
	for _, sealed := range []bool{false, true} {
		for size, want := range map[uint32]uint32{0x9000: 0x10000, 0x6000: 0x8000} {
			boot := lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", Size: size})
			dump := make([]byte, 0x11000)
			copy(dump[0x1000:], boot)
			copy(dump[0x10000:], rows)
			if sealed {
				dump = lot.Encrypt(k, crypt.FullConfig, 0, dump)
			}
			l := bootsim.Lot{Name: "dump", Key: &k, Contents: []bootsim.Placement{{File: "dump.bin", Data: dump}}}
			require.Equal(t, want, check.TableOffset(&l), "bootloader of 0x%x bytes, encrypted %t", size, sealed)
			l.TableOffset = 0xC000
			require.Equal(t, uint32(0xC000), check.TableOffset(&l), "stated")
		}
	}
}
