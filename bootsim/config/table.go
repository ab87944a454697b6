package config

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// table finds the partition table: the file that the lot names, or what lies
// in flash at the table's offset.
func (l *loader) table(out *lot, o object) {
	offset := out.TableOffset
	if offset == 0 {
		offset = parttable.DefaultStart
	}
	inFlash, flashed := out.covering(offset)
	if !o.has("partition_table") {
		out.noTable = fmt.Sprintf("nothing is flashed to 0x%08x", offset)
		if flashed {
			out.read(inFlash.Data[offset-inFlash.Address:], offset, inFlash.File)
		}
		return
	}
	p, ok := l.tableFile(out, o.values["partition_table"], offset)
	if ok && !flashed {
		p.Address, p.Role = offset, "partition-table"
		out.files = append(out.files, p)
	}
}

// tableFile reads the key "partition_table": a file, alone or with "encrypt".
func (l *loader) tableFile(out *lot, n *yaml.Node, offset uint32) (placed, bool) {
	o := object{l: l, node: n, values: map[string]*yaml.Node{"file": n}}
	if n.Kind == yaml.MappingNode {
		o, _ = l.object(n, "\"partition_table\"", "file", "encrypt")
	}
	p, ok := l.source(o, "\"partition_table\"", maxSmall)
	out.noTable = "the file of \"partition_table\" cannot be read"
	if !ok {
		return p, false
	}
	if isText(p.Data) {
		return p, l.tableCSV(out, &p, offset)
	}
	out.read(p.Data, offset, p.File)
	return p, true
}

// isText tells CSV from a binary table, which has zeros, and from ciphertext.
func isText(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }

// tableCSV reads CSV by the rules of the lot's ESP-IDF version, or of the newest,
// and replaces the file's text by the binary table.
func (l *loader) tableCSV(out *lot, p *placed, offset uint32) bool {
	opt := parttable.Latest()
	if v, err := parttable.ParseVersion(out.Bootloader.IDF); err == nil {
		if older, err := parttable.Defaults(v); err == nil {
			opt = older
		}
	}
	opt.Offset = int64(offset)
	table, warnings, err := parttable.ParseCSV(string(p.Data), opt)
	if err == nil {
		p.Data, err = table.Encode(opt)
	}
	if err != nil {
		l.fail(p.at, "%q is no partition table that gen_esp32part accepts: %v", clip(p.File), err)
		return false
	}
	out.table = table
	for _, w := range warnings {
		out.Assumed = append(out.Assumed, fmt.Sprintf("%s: gen_esp32part says: %s", p.File, w))
	}
	return true
}

// read decodes a binary table that lies at an address, as it is or decrypted
// with the lot's key. A table that cannot be read is no mistake of the
// configuration: the check finds out what is wrong with it.
func (out *lot) read(b []byte, addr uint32, file string) {
	b = b[:min(len(b), parttable.MaxLength)]
	plain := bytes.HasPrefix(b, []byte{parttable.MagicEntry & 0xFF, parttable.MagicEntry >> 8})
	if !plain && out.Key != nil {
		b = out.decrypted(b, addr)
	}
	table, err := parttable.Decode(b)
	switch {
	case err == nil:
		out.table = table
	case plain || out.Key != nil:
		out.noTable = fmt.Sprintf("%q at 0x%08x cannot be read as a partition table (%v)", clip(file), addr, err)
	default:
		out.noTable = fmt.Sprintf("%q at 0x%08x is no plaintext partition table, and the lot has no \"key\" to decrypt it", clip(file), addr)
	}
}

func (out *lot) decrypted(b []byte, addr uint32) []byte {
	config := crypt.FullConfig
	if out.Efuses != nil && out.Efuses.FlashEncryption() {
		config = out.Efuses.CryptConfig()
	}
	plain := make([]byte, len(b)&^15)
	if crypt.New(*out.Key, config).Decrypt(addr, plain, b[:len(plain)]) != nil {
		return nil
	}
	return plain
}
