package input

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// lay places everything but the applications.
func (p *parts) lay() error {
	if p.boot != nil {
		if err := p.put(*p.boot, p.bootAddress(), roleBootloader); err != nil {
			return err
		}
	}
	if err := p.layTable(); err != nil {
		return err
	}
	for _, it := range p.ota {
		if err := p.layOTAData(it); err != nil {
			return err
		}
	}
	for _, it := range p.others {
		if err := p.layNamed(it); err != nil {
			return err
		}
	}
	return nil
}

// bootAddress is where the bootloader's file begins: at 0 where the digest of
// secure boot V1 comes first.
func (p *parts) bootAddress() uint32 {
	if p.boot.kind == kindMerged {
		return 0
	}
	return bootloaderAddress
}

// layTable places the partition table, made from CSV if there is no other.
func (p *parts) layTable() error {
	if p.table == nil {
		return p.layCSV()
	}
	p.rows = p.table.rows
	at := p.tableOffset(p.rows)
	if len(p.rows) == 0 && p.at.csv != "" { // encrypted: the text tells where things go
		if _, rows, err := p.f.tableFromCSV(p.at.csv, at); err == nil {
			p.rows = rows
			p.assume("addresses taken from %s, as %s cannot be read", filepath.Base(p.at.csv), filepath.Base(p.table.path))
		}
	}
	return p.put(*p.table, at, roleTable)
}

// layCSV makes the binary table of a CSV file, as the build would.
func (p *parts) layCSV() error {
	if p.at.csv == "" || p.boot == nil && len(p.apps) == 0 || p.boot != nil && p.boot.cipher() {
		return nil
	}
	v, rows, err := p.f.tableFromCSV(p.at.csv, p.tableOffset(nil))
	if err != nil {
		p.f.note("%v; the set is taken without a partition table", err)
		return nil
	}
	p.rows = rows
	p.contents = append(p.contents, v)
	p.assume("binary partition table made from %s, for flash address 0x%08x", filepath.Base(p.at.csv), v.Address)
	return nil
}

// tableOffset decides where the table lies: as sdkconfig says, else at 0x8000,
// else, when the bootloader reaches beyond that, just below the first
// partition that the table describes.
func (p *parts) tableOffset(rows []parttable.Entry) uint32 {
	if v, ok := p.f.statedOffset(p.at); ok {
		p.tableStated = true
		return v
	}
	if p.boot == nil || int64(p.bootAddress())+p.boot.size <= defaultTable || len(rows) == 0 {
		return defaultTable
	}
	if at := lowest(rows) - sectorSize; at > defaultTable && at%sectorSize == 0 {
		p.assume("partition table at 0x%08x: the bootloader reaches beyond 0x00008000, and the first partition starts at 0x%08x", at, lowest(rows))
		return at
	}
	return defaultTable
}

// layOTAData places OTA data where the table has it.
func (p *parts) layOTAData(it item) error {
	address := it.addressOr(0)
	for _, e := range p.rows {
		if address == 0 && e.Is(parttable.TypeData, parttable.SubtypeOTAData) {
			address = e.Offset
		}
	}
	if address == 0 && len(p.rows) == 0 && it.name.stem == "boot_app0" {
		address = 0xE000 // Arduino's place for it
	}
	if address == 0 {
		p.f.note("%s: left out: no partition for OTA data is known", it.path)
		return nil
	}
	return p.put(it, address, roleOTAData)
}

// layNamed places a file into the partition that its name tells.
func (p *parts) layNamed(it item) error {
	e, ok := p.partitionFor(it)
	switch {
	case it.name.address != nil:
		return p.put(it, *it.name.address, "")
	case !ok:
		if it.kind != kindErased {
			p.f.note("%s: left out: it is %s, and nothing tells where it goes", it.path, it.kind)
		}
		return nil
	case it.size > int64(e.Size):
		p.f.note("%s: %d bytes do not fit partition %s (%d bytes): left out", it.path, it.size, e.Name(), e.Size)
		return nil
	}
	return p.put(it, e.Offset, e.Name())
}

// partitionFor finds the data partition whose label, or else whose sort, the
// name of a file gives: nvs.bin, x_spiffs.bin, phy_init_data.bin.
func (p *parts) partitionFor(it item) (parttable.Entry, bool) {
	data := pickRows(p.rows, func(e parttable.Entry) bool { return e.Type != parttable.TypeApp })
	for _, e := range data {
		if label := strings.ToLower(e.Name()); label != "" && it.name.stem == label {
			return e, true
		}
	}
	var fits []parttable.Entry
	for _, e := range data {
		if strings.Contains(it.name.stem, strings.ToLower(e.Name())) && len(e.Name()) > 2 || sortMatches(e, it.name.stem) {
			fits = append(fits, e)
		}
	}
	if len(fits) != 1 {
		return parttable.Entry{}, false
	}
	return fits[0], true
}

// sortMatches tells whether a name says what sort of data a partition holds.
func sortMatches(e parttable.Entry, stem string) bool {
	if e.Type != parttable.TypeData {
		return false
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(stem, w) })
	}
	switch e.Subtype {
	case parttable.SubtypePHY:
		return has("phy_init", "phy-init")
	case parttable.SubtypeNVS:
		return strings.HasPrefix(stem, "nvs") && !has("key")
	case parttable.SubtypeSPIFFS, parttable.SubtypeLittleFS:
		return has("spiffs", "littlefs")
	case parttable.SubtypeFAT:
		return has("fatfs", "ffat")
	}
	return false
}

func pickRows(rows []parttable.Entry, keep func(parttable.Entry) bool) (kept []parttable.Entry) {
	for _, e := range rows {
		if keep(e) {
			kept = append(kept, e)
		}
	}
	return kept
}
