package otatool

import (
	"github.com/bootsim/bootsim/bootsim/tool/argparse"
	"github.com/bootsim/bootsim/bootsim/tool/parttool"
)

const about = `Shows and changes which OTA slot a simulated ESP32 starts, and reads, writes and erases slots. The
flash is --flash-file (BOOTSIM_FLASH_FILE in the environment), an image of the whole chip; the partition table is read from there, or from a CSV or binary
file with --partition-table-file. Whatever touches the flash goes through bootsim's esptool, see there for the
simulated chip; what that prints is shown only if it fails.`

func parser(prog string) *argparse.Parser {
	sector := argparse.Option{Name: "spi-flash-sec-size", Count: argparse.One, Help: "distance of the two otadata entries times two (0x2000 if not given)"}
	slot := argparse.Option{Name: "slot", Count: argparse.One, Int: true, Group: "slot", Help: "number of the slot, from 0"}
	name := argparse.Option{Name: "name", Count: argparse.One, Group: "slot", Help: "name of the slot's partition"}
	idf := argparse.Option{Name: "idf", Count: argparse.One, Metavar: "VERSION",
		Help: "release of ESP-IDF to print like: v6.0 writes numbers differently (of bootsim; not in the reference)"}
	return &argparse.Parser{Prog: prog, About: about, Options: append(parttool.ChipOptions(), idf), Operations: []argparse.Operation{
		{Name: "read_otadata", Options: []argparse.Option{sector}, Help: "print both otadata entries"},
		{Name: "erase_otadata", Help: "erase otadata, so that the factory application or slot 0 starts"},
		{Name: "switch_ota_partition", Options: []argparse.Option{slot, name, sector}, Help: "have a slot started"},
		{Name: "read_ota_partition", Options: []argparse.Option{slot, name,
			{Name: "output", Count: argparse.One, Required: true, Help: "file to write"}}, Help: "copy a slot into a file"},
		{Name: "write_ota_partition", Options: []argparse.Option{slot, name,
			{Name: "input", Count: argparse.One, Help: "file to write to the slot"}}, Help: "erase a slot and write a file to it"},
		{Name: "erase_ota_partition", Options: []argparse.Option{slot, name}, Help: "erase a slot"},
	}}
}
