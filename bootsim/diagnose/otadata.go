package diagnose

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// selection explains a boot whose otadata led it elsewhere.
func selection(c *Context) []bootsim.Finding {
	if f := dividedByNoSlots(c); f != nil {
		return []bootsim.Finding{*f}
	}
	out := c.Outcome
	if out.App == nil || !out.Selection.Made || c.refused(c.Want.Slot) != nil {
		return nil
	}
	row, ok := otadataRow(c)
	if !ok {
		return nil
	}
	if f := misreadEntry(c, row); f != nil {
		f.Severity = bootsim.Error
		f.Message += fmt.Sprintf(": %s boots instead of %s", out.App.Label, c.Want.describe())
		return []bootsim.Finding{*f}
	}
	if out.App.Label == c.Want.Label {
		return nil // the right slot with another version
	}
	pair := ota.ReadPair(c.Device, row)
	if f := aborted(c, row, pair); f != nil {
		return []bootsim.Finding{*f}
	}
	b := c.find("otadata-names-other-slot", "otadata names %s (sequence numbers %s and %s), not %s",
		out.App.Label, seqText(pair[0]), seqText(pair[1]), c.Want.describe())
	return []bootsim.Finding{b.at(row.Offset).partition(row.Name()).bytes(row.Offset).done()}
}

// dividedByNoSlots explains a boot that ended in a division by the number of OTA
// rows, of which there is none.
func dividedByNoSlots(c *Context) *bootsim.Finding {
	if c.Outcome.End != emu.EndException || !c.says(rom.CauseName(rom.CauseDivideByZero)) {
		return nil
	}
	t, err := ota.Table(c.Device, c.TableOffset) // as the device reads it
	if err != nil || len(t.OTASlots()) > 0 {
		return nil
	}
	row, ok := t.OTAData()
	if !ok {
		return nil
	}
	pair := ota.ReadPair(c.Device, row)
	return ptr(c.find("otadata-without-slots", "otadata has an entry (sequence numbers %s and %s), and the table at 0x%08x has no OTA slot: the bootloader (%s) divides by zero",
		seqText(pair[0]), seqText(pair[1]), c.TableOffset, orUnknown(c.IDF)).
		at(row.Offset).partition(row.Name()).bytes(row.Offset).console().done())
}

// aborted explains a boot in which the bootloader gave up on the app that
// otadata names, because it never confirmed itself.
func aborted(c *Context, row parttable.Entry, pair otadata.Pair) *bootsim.Finding {
	i := pair.Active(otadata.EraState)
	if i < 0 || pair[i].State != otadata.StatePendingVerify {
		return nil
	}
	addr := row.Offset + uint32(i)*flashmodel.SectorSize
	return ptr(c.find("otadata-pending", "the otadata entry at 0x%08x is PENDING_VERIFY, so the bootloader aborts the app that it names: %s boots instead of %s",
		addr, c.Outcome.App.Label, c.Want.describe()).
		severity(bootsim.Error).at(addr).partition(row.Name()).bytes(addr).done())
}

func seqText(e otadata.Entry) string {
	switch {
	case e.Erased():
		return "none"
	case !e.CRCOK():
		return fmt.Sprintf("%d with a wrong CRC", e.Seq)
	}
	return fmt.Sprint(e.Seq)
}

func otadataRow(c *Context) (parttable.Entry, bool) {
	t, ok := IntendedTable(c)
	if !ok {
		return parttable.Entry{}, false
	}
	return t.OTAData()
}

// misreadEntry explains the first of the two sectors that the device reads
// otherwise than it was meant.
func misreadEntry(c *Context, row parttable.Entry) *bootsim.Finding {
	for i := range uint32(2) {
		r := region{kind: kindOTAData, addr: row.Offset + i*flashmodel.SectorSize, size: flashmodel.SectorSize, label: row.Name()}
		if c.Device.Flash.Erased(r.addr, unit) && !c.Device.Efuses.FlashEncryption() {
			continue
		}
		// An entry with a wrong CRC is for pairWarnings: one alone is harmless.
		if f := misread(c, r); f != nil && f.Rule != "otadata-invalid" {
			return f
		}
	}
	return nil
}

// otadataPlain explains an otadata sector that holds plaintext or nothing on a
// device that decrypts it.
func otadataPlain(c *Context, r region) bootsim.Finding {
	what := "is erased"
	if !c.Device.Flash.Erased(r.addr, unit) {
		what = "holds a plaintext entry"
	}
	row, _ := otadataRow(c)
	b := c.find("otadata-not-encrypted", "otadata at 0x%08x %s, and the device decrypts what it reads there: the entry is noise", r.addr, what)
	return b.at(r.addr).partition(r.label).bytes(r.addr).
		remedy("head -c 8192 /dev/zero | tr '\\0' '\\377' > otadata.bin; espsecure.py encrypt_flash_data --keyfile KEY --address 0x%x -o otadata-encrypted.bin otadata.bin; flash it to 0x%x. An update must write its entry through esp_partition_write.",
			row.Offset, row.Offset).done()
}

// latentOTAData warns of otadata that boots today.
func latentOTAData(c *Context, t *parttable.Table) []bootsim.Finding {
	row, ok := t.OTAData()
	if !ok || row.Size < 2*flashmodel.SectorSize || len(t.OTASlots()) == 0 {
		return nil
	}
	if f := misreadEntry(c, row); f != nil {
		return []bootsim.Finding{*f}
	}
	pair := ota.ReadPair(c.Device, row)
	var out []bootsim.Finding
	for i, e := range pair {
		addr := row.Offset + uint32(i)*flashmodel.SectorSize
		out = append(out, entryWarnings(c, row, e, addr)...)
	}
	return append(out, pairWarnings(c, t, row, pair)...)
}

func entryWarnings(c *Context, row parttable.Entry, e otadata.Entry, addr uint32) []bootsim.Finding {
	if e.Erased() || !e.CRCOK() {
		return nil
	}
	var out []bootsim.Finding
	if e.Seq == 0 && ota.ReadPair(c.Device, row).Active(otadata.EraState) == int(addr-row.Offset)/flashmodel.SectorSize {
		// Arduino's boot_app0.bin has such an entry beside the one that counts.
		out = append(out, c.find("otadata-seq-zero", "the otadata entry at 0x%08x has sequence number 0 with a right CRC", addr).
			at(addr).partition(row.Name()).bytes(addr).done())
	}
	return append(out, stateWarning(c, row, e, addr)...)
}

// pairWarnings judges both entries together.
func pairWarnings(c *Context, t *parttable.Table, row parttable.Entry, pair otadata.Pair) []bootsim.Finding {
	_, factory := t.Factory()
	dead := func(e otadata.Entry) bool {
		return e.CRCOK() && (e.State == otadata.StateInvalid || e.State == otadata.StateAborted)
	}
	switch {
	case dead(pair[0]) && dead(pair[1]):
		return []bootsim.Finding{c.find("otadata-aborted", "both otadata entries are refused (%s, %s)", pair[0].State, pair[1].State).
			at(row.Offset).partition(row.Name()).done()}
	case pair[0].Erased() && pair[1].Erased() && !factory && c.wroteOTAData(row):
		return []bootsim.Finding{c.find("otadata-will-change", "otadata is empty and there is no factory partition: the first boot writes an entry for %s", bootedLabel(c)).
			at(row.Offset).partition(row.Name()).done()}
	case pair.Active(otadata.EraState) == otadata.None && !pair.Unset(otadata.EraState):
		return []bootsim.Finding{c.find("otadata-invalid", "no otadata entry has a right CRC (sequence numbers: %s; %s)", seqText(pair[0]), seqText(pair[1])).
			at(row.Offset).partition(row.Name()).bytes(row.Offset).done()}
	}
	return nil
}

// wroteOTAData tells whether the boot changed the first sector of otadata.
func (c *Context) wroteOTAData(row parttable.Entry) bool {
	return c.After != nil && slices.Contains(c.After.Flash.ChangedSectors(c.Device.Flash), row.Offset)
}

func bootedLabel(c *Context) string {
	if c.Outcome.App == nil {
		return "no slot"
	}
	return c.Outcome.App.Label
}

// slotOf finds the table row of a slot number.
func slotOf(t *parttable.Table, slot int) (parttable.Entry, bool) {
	switch slot {
	case emu.SlotFactory:
		return t.Factory()
	case emu.SlotTest:
		return t.Test()
	}
	slots := t.OTASlots()
	if slot < 0 || slot >= len(slots) || slots[slot].Size == 0 {
		return parttable.Entry{}, false
	}
	return slots[slot], true
}
