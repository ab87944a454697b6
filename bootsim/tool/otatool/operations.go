package otatool

import (
	"strconv"

	"github.com/bootsim/bootsim/bootsim/tool/parttool"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

func (t *tool) operate() error {
	switch t.values.Operation {
	case "read_otadata":
		return t.readData()
	case "erase_otadata":
		return t.eraseData()
	case "switch_ota_partition":
		return t.switchSlot()
	}
	p, err := t.slot()
	if err != nil {
		return err
	}
	switch t.values.Operation {
	case "read_ota_partition":
		return t.readSlot(p)
	case "write_ota_partition":
		return t.writeSlot(p)
	}
	return t.eraseSlot(p)
}

func (t *tool) status(text string) {
	if !t.values.Flag("quiet") {
		t.env.Print(text)
	}
}

func (t *tool) readData() error {
	text, err := t.rules.Read(t.content)
	if err != nil {
		return err
	}
	t.env.Printf("%s", text)
	return nil
}

func (t *tool) eraseData() error {
	if _, err := t.rules.Erase(t.content); err != nil {
		return err
	}
	if err := t.target.Erase(t.data); err != nil {
		return err
	}
	t.status("Erased ota_data partition contents")
	return nil
}

// given tells whether a slot was named at all.
func (t *tool) given() bool { return t.values.Flag("slot") || t.values.Flag("name") }

func missing(function string) error {
	return parttool.Exceptionf("TypeError", "%s() missing 1 required positional argument: 'ota_id'", function)
}

func (t *tool) switchSlot() error {
	if !t.given() {
		return missing("_switch_ota_partition")
	}
	to := otadata.ByName(t.values.Text("name"))
	if t.values.Flag("slot") {
		n, err := strconv.Atoi(t.values.Text("slot"))
		if err != nil {
			n = -1 // no slot has a number that long
		}
		to = otadata.BySlot(n)
	}
	after, err := t.rules.Switch(t.content, t.table(), to)
	if err != nil {
		return err
	}
	return t.target.Write(t.data, after, false)
}

// table returns the partition table with what matters about slots.
func (t *tool) table() *parttable.Table {
	table := &parttable.Table{}
	for _, p := range t.target.Sheet {
		if p.Subtype < 0 || p.Subtype > 0xFF {
			continue
		}
		table.Entries = append(table.Entries, parttable.Entry{
			Label: parttable.Label(p.Name), Type: uint8(p.Type), Subtype: uint8(p.Subtype)})
	}
	return table
}

// slot returns the partition that is meant.
func (t *tool) slot() (parttable.Part, error) {
	if !t.given() {
		return parttable.Part{}, missing("_" + t.values.Operation)
	}
	if t.values.Flag("name") {
		return t.target.Find(parttool.Selection{Name: t.values.Text("name")})
	}
	return t.target.Find(parttool.Selection{Type: "app", Subtype: "ota_" + t.values.Text("slot")})
}

func (t *tool) readSlot(p parttable.Part) error {
	b, err := t.target.Read(p)
	if err != nil {
		return err
	}
	name := t.values.Text("output")
	if err := t.target.WriteFile(name, b); err != nil {
		return err
	}
	t.status("Read ota partition contents to file " + name)
	return nil
}

func (t *tool) writeSlot(p parttable.Part) error {
	name := t.values.Text("input")
	b, err := t.target.ReadFile(name)
	if err != nil {
		return err
	}
	if err := t.target.Write(p, b, false); err != nil {
		return err
	}
	t.status("Written contents of file " + name + " to ota partition")
	return nil
}

func (t *tool) eraseSlot(p parttable.Part) error {
	if err := t.target.Erase(p); err != nil {
		return err
	}
	t.status("Erased contents of ota partition")
	return nil
}
