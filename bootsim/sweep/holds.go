package sweep

import (
	"encoding/hex"
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// holds tells what flash or eFuses hold after a fault, where it struck.
func (r *runner) holds(d *emu.Device, e Event) []string {
	if e.Partition == "" {
		return []string{fmt.Sprintf("    eFuses then: FLASH_CRYPT_CNT 0x%02x, key block %s, secure version %d",
			d.Efuses.FlashCryptCnt(), d.Efuses.KeyState(1), d.Efuses.SecureVersion())}
	}
	for _, p := range r.sc.Parts {
		if p.Is(parttable.TypeData, parttable.SubtypeOTAData) && p.Name() == e.Partition {
			return entries(d, p)
		}
	}
	var raw [16]byte
	d.Flash.Read(e.Address, raw[:])
	return []string{fmt.Sprintf("    0x%08x then holds %s…", e.Address, hex.EncodeToString(raw[:]))}
}

// entries shows both otadata entries as software reads them.
func entries(d *emu.Device, p parttable.Entry) (lines []string) {
	for i, e := range ota.ReadPair(d, p) {
		lines = append(lines, fmt.Sprintf("    otadata[%d] then %s", i, entryText(e)))
	}
	return lines
}

func entryText(e otadata.Entry) string {
	switch {
	case e.Erased():
		return "is erased"
	case !e.CRCOK():
		return fmt.Sprintf("is damaged: ota_seq 0x%08x with a wrong crc 0x%08x", e.Seq, e.CRC)
	}
	return fmt.Sprintf("has ota_seq %d, state %s", e.Seq, e.State)
}
