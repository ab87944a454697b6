package config

import (
	"strings"
	"unicode/utf8"

	"github.com/spf13/afero"
	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Provision is a provisioning plan in YAML:
//
//	version: 1
//	mode: release                    # or development, which is meant if left out
//	device:                          # before the first step; a blank one if left out
//	  flash_size: 4MB
//	  chip_revision: v3.1
//	  coding_scheme: none            # or 3/4, repeat
//	  efuse: {fields: {CONSOLE_DEBUG_DISABLE: 1}}
//	files: {"C:/build/app.bin": app.bin}   # what the steps name otherwise
//	images: build                    # folders in which absent files are looked for
//	seed: any text                   # of the random numbers that steps draw
//	steps:
//	  - espsecure.py generate_flash_encryption_key key.bin
//	  - {name: burn the key, run: espefuse.py burn_key flash_encryption key.bin}
//	  - power-cycle                  # the device boots here
//	expect: {boots: factory, version: "1.0"}
//
// schemas/provision.schema.json describes the format for editors.
type Provision struct {
	Device bootsim.Lot // with what it should boot in the end, and nothing in flash
	Mode   string      // "development" or "release"
	Files  map[string]string
	Images []string // folders, joined to that of the plan
	Seed   string
	Steps  []ProvisionStep
	Inputs []string // the plan and every file that was read for it
}

// ProvisionStep is one item of the list of steps.
type ProvisionStep struct {
	Name string
	Run  string // command lines of a shell; empty: the device boots
	Line int    // of the plan, from 1
}

// LoadProvision reads a plan. Errors are those of Load.
func LoadProvision(fs afero.Fs, name string) (*Provision, error) {
	l, root, err := open(fs, name)
	if err != nil {
		return nil, err
	}
	p := l.provision(root)
	if err := l.errs.result(); err != nil {
		return nil, err
	}
	p.Inputs = l.read()
	return p, nil
}

func (l *loader) provision(root *yaml.Node) *Provision {
	p := &Provision{Mode: "development"}
	o, ok := l.object(root, "the plan", "version", "mode", "device", "files", "images", "seed", "steps", "expect")
	if !ok {
		return p
	}
	l.version(o)
	if m := o.text("mode"); m != "" {
		p.Mode = l.oneOf(o.at("mode"), "mode", m, "development", "release")
	}
	p.Device = l.planDevice(o)
	p.Seed = o.text("seed")
	p.Files = l.planFiles(o)
	for _, n := range o.oneOrMore("images") {
		p.Images = append(p.Images, l.files.shown(n.Value))
	}
	if !o.has("steps") {
		l.fail(root, "no steps: list the commands below the key \"steps\"")
	}
	for _, n := range o.list("steps") {
		p.Steps = append(p.Steps, l.planStep(n))
	}
	return p
}

// oneOf returns a word if it is one of those that a key takes.
func (l *loader) oneOf(at *yaml.Node, key, word string, known ...string) string {
	if !contains(known, word) {
		l.fail(at, "%q is no %s: %s", clip(word), key, strings.Join(known, " or "))
	}
	return word
}

// planDevice reads the device before the first step, and what it boots after
// the last.
func (l *loader) planDevice(o object) bootsim.Lot {
	out := &lot{}
	if o.has("device") {
		if d, ok := l.object(o.values["device"], "\"device\"", "flash_size", "chip_revision", "rom", "coding_scheme", "efuse",
			"bootloader", "partition_table_offset"); ok {
			l.chip(out, d)
			l.efuses(out, d)
			l.codingScheme(out, d)
			l.planBootloader(out, d)
		}
	}
	l.expect(out, o)
	return out.Lot
}

func (l *loader) codingScheme(out *lot, d object) {
	scheme := d.text("coding_scheme")
	if scheme == "" {
		return
	}
	value := map[string]uint64{"none": 0, "3/4": 1, "repeat": 2}
	l.oneOf(d.at("coding_scheme"), "coding scheme", scheme, "none", "3/4", "repeat")
	if value[scheme] == 0 {
		return
	}
	if out.Efuses == nil {
		out.Efuses = out.blank(false)
	}
	burn(out.Efuses, "CODING_SCHEME", value[scheme])
}

// planBootloader reads what is known of the bootloader besides its image.
func (l *loader) planBootloader(out *lot, d object) {
	if v, ok := d.number("partition_table_offset", maxImage-parttable.SectorSize); ok {
		out.TableOffset = uint32(v)
		if v == 0 || v%parttable.SectorSize != 0 {
			l.fail(d.at("partition_table_offset"), "a partition table starts at a multiple of 0x1000 other than 0, usually 0x8000")
		}
	}
	if !d.has("bootloader") {
		return
	}
	b, ok := l.object(d.values["bootloader"], "\"bootloader\"", "idf", "log_level", "rollback", "anti_rollback", "factory_reset")
	if !ok {
		return
	}
	opt := &out.Bootloader
	opt.IDF, opt.LogLevel = l.idf(b), l.logLevel(b)
	opt.Rollback, opt.AntiRollback, opt.FactoryReset = b.flag("rollback"), b.flag("anti_rollback"), b.flag("factory_reset")
}

// planFiles reads where files lie that the steps name otherwise.
func (l *loader) planFiles(o object) map[string]string {
	n := o.values["files"]
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		l.fail(n, "\"files\" is a mapping of names in the steps to files")
		return nil
	}
	out := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name, ok := l.text(value, key.Value)
		if _, again := out[key.Value]; again {
			l.fail(key, "the file %q is given twice", clip(key.Value))
		}
		if _, found := l.load(value, name, maxImage); ok && found {
			out[key.Value] = name
		}
	}
	return out
}

// planStep reads a command line, or a mapping with one.
func (l *loader) planStep(n *yaml.Node) ProvisionStep {
	st := ProvisionStep{Line: n.Line}
	run := n
	if n.Kind == yaml.MappingNode {
		o, _ := l.object(n, "a step", "name", "run", "note")
		st.Name, run = o.text("name"), o.values["run"]
		o.text("note")
		if run == nil {
			l.fail(n, "a step needs the key \"run\"")
			return st
		}
	}
	switch text := strings.TrimSpace(run.Value); {
	case run.Kind != yaml.ScalarNode || text == "" || !utf8.ValidString(text):
		l.fail(run, "a step is a command line, \"power-cycle\" or \"reboot\"")
	case text == "power-cycle" || text == "reboot":
	default:
		st.Run = text
	}
	return st
}
