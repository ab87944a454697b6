package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

const bootloaderAddress = 0x1000

// IntendedTable reads the lot's partition table as its author meant it, however
// it was encrypted. Of the context it takes what is known before a boot.
func IntendedTable(c *Context) (*parttable.Table, bool) {
	r := region{kind: kindTable, addr: c.TableOffset, size: flashmodel.SectorSize}
	rd, ok := c.read(r)
	if !ok {
		return summedTable(c)
	}
	return readTable(rd.reader(c.Device.Flash, r.addr), r.addr)
}

// summedTable is the table as the device reads it, if its MD5 fits: then it was
// meant so, however odd its first row.
func summedTable(c *Context) (*parttable.Table, bool) {
	b := make([]byte, parttable.MaxLength)
	c.Device.Cached().Read(c.TableOffset, b)
	t, err := parttable.Decode(b)
	return t, err == nil && t.MD5 && len(t.Entries) > 0
}

// readTable reads rows up to the first that is none, so that a table with a bad
// MD5 or one bad row still tells what was meant.
func readTable(r flashmodel.Reader, offset uint32) (*parttable.Table, bool) {
	t := &parttable.Table{}
	for i := range uint32(parttable.MaxRows) {
		var b [parttable.RowSize]byte
		r.Read(offset+i*parttable.RowSize, b[:])
		row := parttable.DecodeRow(b[:])
		switch row.Kind {
		case parttable.RowEntry:
			t.Entries = append(t.Entries, row.Entry)
		case parttable.RowMD5:
			t.MD5 = true
		default:
			return t, len(t.Entries) > 0
		}
	}
	return t, len(t.Entries) > 0
}

// IntendedOTAData reads both otadata entries as their author meant them.
func IntendedOTAData(c *Context, row parttable.Entry) otadata.Pair {
	var pair otadata.Pair
	for i := range pair {
		addr := row.Offset + uint32(i)*flashmodel.SectorSize
		pair[i] = blankEntry()
		if rd, ok := c.read(region{kind: kindOTAData, addr: addr, size: flashmodel.SectorSize}); ok {
			var b [otadata.EntrySize]byte
			rd.reader(c.Device.Flash, addr).Read(addr, b[:])
			pair[i] = otadata.Decode(b[:])
		}
	}
	return pair
}

func blankEntry() otadata.Entry {
	return otadata.Entry{Seq: otadata.Erased, State: otadata.StateUndefined, CRC: otadata.Erased}
}

// slotAddresses lists the offsets of a lot's rows, if its table can be found
// among the placed files.
func slotAddresses(lot *bootsim.Lot) []uint32 {
	var out []uint32
	for _, p := range lot.Contents {
		out = append(out, p.Address)
		for _, e := range lotRows(lot, p) {
			out = append(out, e.Offset)
		}
	}
	return out
}

// lotRows reads a placed file as a table, in plaintext or with the lot's key.
func lotRows(lot *bootsim.Lot, p bootsim.Placement) []parttable.Entry {
	if len(p.Data) < parttable.RowSize || len(p.Data) > 0x2000 {
		return nil
	}
	f := bytesReader{p.Address, p.Data}
	rd := reading{}
	if lot.Key != nil && !sensibleRow(p.Data) {
		rd.layers = []layer{{key: knownKey{Key: *lot.Key}, addr: p.Address, config: 0xF}}
	}
	t, _ := readTable(rd.reader(f, p.Address), p.Address)
	return t.Entries
}

// bytesReader shows a file as if it lay in otherwise erased flash.
type bytesReader struct {
	addr uint32
	data []byte
}

func (r bytesReader) Size() uint32 { return flashmodel.MaxSize }

func (r bytesReader) Read(addr uint32, p []byte) {
	for i := range p {
		p[i] = 0xFF
		if off := uint64(addr) + uint64(i) - uint64(r.addr); off < uint64(len(r.data)) {
			p[i] = r.data[off]
		}
	}
}
