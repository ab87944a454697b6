package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// latentTable warns of the table's layout.
func latentTable(c *Context, t *parttable.Table) []bootsim.Finding {
	var out []bootsim.Finding
	at := c.TableOffset
	if !t.MD5 && wantsMD5(c) {
		out = append(out, c.find("table-no-md5", "the partition table at 0x%08x has no MD5 row", at).at(at).done())
	}
	if end, label := furthest(t); end > uint64(c.Device.Flash.Size()) {
		out = append(out, c.find("chip-too-small", "partition %s ends at 0x%08x, and the flash chip has 0x%x bytes", label, end, c.Device.Flash.Size()).
			at(at).partition(label).done())
	}
	for _, o := range t.Overlaps() {
		out = append(out, c.find("rows-overlap", "partitions %s and %s overlap", o.A.Name(), o.B.Name()).at(o.B.Offset).partition(o.B.Name()).done())
	}
	if t.ConsecutiveOTA() != t.OTARows() {
		out = append(out, c.find("slot-unreachable", "the table has %d OTA rows, and only ota_0 to ota_%d follow each other: bootloader and app disagree on the number of slots",
			t.OTARows(), t.ConsecutiveOTA()-1).at(at).done())
	}
	if _, ok := t.OTAData(); !ok && t.OTARows() > 0 {
		out = append(out, c.find("otadata-row-missing", "the table has %d OTA slots and no otadata partition", t.OTARows()).at(at).done())
	}
	return append(out, forcedRows(c, t)...)
}

// forcedRows warns of rows that the app decrypts and that hold plaintext.
func forcedRows(c *Context, t *parttable.Table) []bootsim.Finding {
	if !c.Device.Efuses.FlashEncryption() {
		return nil
	}
	var out []bootsim.Finding
	for _, e := range t.Entries {
		forced := e.Is(parttable.TypeData, parttable.SubtypeNVSKeys) || e.Type == parttable.TypeData && e.Flags&parttable.FlagEncrypted != 0
		if !forced || e.Size == 0 || c.Device.Flash.Erased(e.Offset, min(e.Size, 4096)) || noisy(c.Device.Flash, region{addr: e.Offset, size: e.Size}) {
			continue
		}
		out = append(out, c.find("forced-encrypted-row", "partition %s is read through flash encryption and holds plaintext", e.Name()).
			at(e.Offset).partition(e.Name()).bytes(e.Offset).done())
	}
	return out
}
