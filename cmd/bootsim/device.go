package main

import (
	"strconv"
	"strings"

	"github.com/spf13/afero"
	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/bootkey"
	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// deviceFlags describe the device of a set that comes without bootsim.yaml.
type deviceFlags struct {
	key, bootKey, efuse, flashSize, revision, rom, idf, tableOffset, logLevel, rollback string

	engine engineFlags
}

func (d *deviceFlags) register(fs *pflag.FlagSet) {
	d.engine.register(fs)
	fs.StringVar(&d.key, "key", "", "flash encryption key `FILE` (32, 24 or 16 bytes), the host's copy")
	fs.StringVar(&d.bootKey, "secure-boot-key", "", "Secure Boot key `FILE`: the key in BLOCK2 (V1, 32 or 24 bytes), or the PEM of the signing key")
	fs.StringVar(&d.efuse, "efuse", "", "eFuse dump `FILE`: joint dump, virtual eFuse file, summary as text or JSON")
	fs.StringVar(&d.flashSize, "flash-size", "", "`SIZE` of the flash chip: 1MB, 2MB, 4MB, 8MB, 16MB")
	fs.StringVar(&d.revision, "chip-revision", "", "`REV` of the chip: v1.0, v3.1, …")
	fs.StringVar(&d.rom, "rom", "", "ROM `GENERATION`: 2016 or 2019 (from the chip revision unless given)")
	fs.StringVar(&d.idf, "idf", "", "ESP-IDF `VERSION` of the bootloader, instead of what its image tells")
	fs.StringVar(&d.tableOffset, "partition-table-offset", "", "CONFIG_PARTITION_TABLE_OFFSET, if no table is found at the default 0x8000")
	fs.StringVar(&d.logLevel, "log-level", "", "log `LEVEL` of the bootloader: error, warn, info, debug, verbose (as built unless given)")
	fs.StringVar(&d.rollback, "rollback", "", "`on` or off: CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE (both are tried where it matters unless given)")
}

// apply puts what was said on the command line into every lot.
func (d *deviceFlags) apply(fs afero.Fs, lots []bootsim.Lot) error {
	for i := range lots {
		for _, set := range []func(afero.Fs, *bootsim.Lot) error{
			d.setKey, d.setBootKey, d.setEfuse, d.setFlashSize, d.setRevision, d.setROM, d.setBootloader, d.setTable,
		} {
			if err := set(fs, &lots[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *deviceFlags) setKey(fs afero.Fs, lot *bootsim.Lot) error {
	if d.key == "" {
		return nil
	}
	b, err := input.ReadFile(fs, d.key)
	if err != nil {
		return err
	}
	k, err := crypt.ParseKey(b)
	if err != nil {
		return usagef("--key %s: %v", d.key, err)
	}
	lot.Key = &k
	return nil
}

func (d *deviceFlags) setBootKey(fs afero.Fs, lot *bootsim.Lot) error {
	if d.bootKey == "" {
		return nil
	}
	b, err := input.ReadFile(fs, d.bootKey)
	if err != nil {
		return err
	}
	if lot.BootKey, err = bootkey.Read(d.bootKey, b); err != nil {
		return usagef("--secure-boot-key %s: %v", d.bootKey, err)
	}
	return nil
}

func (d *deviceFlags) setEfuse(fs afero.Fs, lot *bootsim.Lot) error {
	if d.efuse == "" {
		return nil
	}
	b, err := input.ReadFile(fs, d.efuse)
	if err != nil {
		return err
	}
	dump, err := efuse.ParseDump(b)
	if err != nil {
		return &input.FileError{File: d.efuse, Offset: -1, Reason: "not an eFuse dump", Err: err}
	}
	lot.Efuses = dump.Set
	return nil
}

// size reads --flash-size; 0 when it is not given.
func (d *deviceFlags) size() (uint32, error) {
	if d.flashSize == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(strings.TrimSuffix(strings.ToUpper(d.flashSize), "MB"), 10, 8)
	size := uint32(n) << 20
	if err != nil || size < flashmodel.MinSize || size > flashmodel.MaxSize || size&(size-1) != 0 {
		return 0, usagef("--flash-size %s: want 1MB, 2MB, 4MB, 8MB or 16MB", d.flashSize)
	}
	return size, nil
}

func (d *deviceFlags) setFlashSize(_ afero.Fs, lot *bootsim.Lot) error {
	size, err := d.size()
	if err == nil && size != 0 {
		lot.FlashSize, lot.FlashSizeGiven = size, true
	}
	return err
}

func (d *deviceFlags) setRevision(_ afero.Fs, lot *bootsim.Lot) error {
	if d.revision == "" {
		return nil
	}
	major, minor, _ := strings.Cut(strings.TrimPrefix(d.revision, "v"), ".")
	if minor == "" {
		minor = "0"
	}
	ma, err1 := strconv.ParseUint(major, 10, 8)
	mi, err2 := strconv.ParseUint(minor, 10, 8)
	if err1 != nil || err2 != nil || ma > 3 || mi > 3 {
		return usagef("--chip-revision %s: want v0.0 to v3.3, as the bootloader prints it", d.revision)
	}
	lot.Revision = &efuse.Revision{Major: uint8(ma), Minor: uint8(mi)}
	return nil
}

func (d *deviceFlags) setROM(_ afero.Fs, lot *bootsim.Lot) error {
	roms := map[string]emu.ROM{"2016": emu.ROM2016, "2019": emu.ROM2019}
	if d.rom == "" {
		return nil
	}
	rom, ok := roms[d.rom]
	if !ok {
		return usagef("--rom %s: want 2016 (chips before v3.0) or 2019", d.rom)
	}
	lot.ROM = &rom
	return nil
}

func (d *deviceFlags) setBootloader(_ afero.Fs, lot *bootsim.Lot) error {
	if d.idf != "" {
		if _, err := idf.Parse(d.idf); err != nil {
			return usagef("--idf %s: %v", d.idf, err)
		}
		lot.Bootloader.IDF = d.idf
	}
	switch d.logLevel {
	case "":
	case "none", "error", "warn", "info", "debug", "verbose":
		lot.Bootloader.LogLevel = d.logLevel
	default:
		return usagef("--log-level %s: want error, warn, info, debug or verbose", d.logLevel)
	}
	switch d.rollback {
	case "":
	case "on", "off":
		on := d.rollback == "on"
		lot.Bootloader.Rollback = &on
	default:
		return usagef("--rollback %s: want on or off", d.rollback)
	}
	return nil
}

func (d *deviceFlags) setTable(_ afero.Fs, lot *bootsim.Lot) error {
	if d.tableOffset == "" {
		return nil
	}
	n, err := strconv.ParseUint(d.tableOffset, 0, 32)
	if err != nil || n%flashmodel.SectorSize != 0 || n > flashmodel.MaxSize-flashmodel.SectorSize {
		return usagef("--partition-table-offset %s: want a multiple of 0x1000 within the flash", d.tableOffset)
	}
	lot.TableOffset = uint32(n)
	return nil
}
