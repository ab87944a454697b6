package parttool

import "github.com/bootsim/bootsim/bootsim/tool/argparse"

const about = `Reads, writes, erases and describes partitions of a simulated ESP32 by name or type. The flash is
--flash-file (BOOTSIM_FLASH_FILE in the environment), an image of the whole chip; the partition table is read from there, or from a CSV or binary file with
--partition-table-file. Whatever touches the flash goes through bootsim's esptool, see there for the simulated chip;
what that prints is shown only if it fails.`

// ChipOptions are the options for the chip, which parttool and otatool share:
// those of the reference for esptool and the port, and bootsim's for files.
func ChipOptions() []argparse.Option {
	one, some := argparse.One, argparse.Some
	return []argparse.Option{
		{Name: "quiet", Short: "q", Help: "print no status lines; exit with 2 without a word if the operation fails"},
		{Name: "esptool-args", Count: some, Help: "options for esptool, as name=value or name"},
		{Name: "esptool-write-args", Count: some, Help: "options for write-flash, such as encrypt or force"},
		{Name: "esptool-read-args", Count: some, Help: "options for read-flash"},
		{Name: "esptool-erase-args", Count: some, Help: "options for erase-region, such as force"},
		{Name: "port", Short: "p", Count: one, Help: "ignored: there is no serial port"},
		{Name: "baud", Short: "b", Count: one, Int: true, Help: "ignored"},
		{Name: "partition-table-offset", Short: "o", Count: one, Help: "flash offset of the partition table"},
		{Name: "partition-table-file", Short: "f", Count: one, Help: "CSV or binary file to take the partition table from"},
		{Name: "flash-file", Count: one, Metavar: "FILE", Help: "image of the simulated chip's whole flash"},
		{Name: "flash-file-size", Count: one, Metavar: "SIZE", Help: "size of the chip, if the flash file is shorter or new"},
		{Name: "path-efuse-file", Count: one, Metavar: "FILE", Help: "eFuse dump of the simulated chip"},
		{Name: "keyfile", Count: one, Metavar: "FILE", Help: "host's copy of the flash encryption key"},
		{Name: "virt", Help: "ignored: every chip is simulated"},
	}
}

// NewFlasher makes the way to the flash that the options describe.
func NewFlasher(f Flasher, v *argparse.Values) *Flasher {
	for _, name := range []string{"flash-file", "flash-file-size", "path-efuse-file", "keyfile"} {
		if text := v.Text(name); text != "" {
			f.Args = append(f.Args, "--"+name, text)
		}
	}
	f.Args = append(f.Args, EsptoolArgs(v.List("esptool-args"))...)
	f.ReadArgs = EsptoolArgs(v.List("esptool-read-args"))
	f.WriteArgs = EsptoolArgs(v.List("esptool-write-args"))
	f.EraseArgs = EsptoolArgs(v.List("esptool-erase-args"))
	return &f
}

func parser(prog string) *argparse.Parser {
	options := append(ChipOptions(),
		argparse.Option{Name: "primary-bootloader-offset", Count: argparse.One, Help: "flash offset of the bootloader, for CSV with a row of it"},
		argparse.Option{Name: "recovery-bootloader-offset", Count: argparse.One, Help: "flash offset of the recovery bootloader"})
	return &argparse.Parser{Prog: prog, About: about, Options: options, Operations: []argparse.Operation{
		{Name: "read_partition", Help: "copy a partition into a file", Options: selection(
			argparse.Option{Name: "output", Count: argparse.One, Help: "file to write"})},
		{Name: "write_partition", Help: "erase a partition and write a file to it", Options: selection(
			argparse.Option{Name: "input", Count: argparse.One, Help: "file to write to the partition"},
			argparse.Option{Name: "ignore-readonly", Help: "write even to a partition flagged as read-only"})},
		{Name: "erase_partition", Help: "erase a partition", Options: selection()},
		{Name: "get_partition_info", Help: "print what the table says about a partition", Options: selection(
			argparse.Option{Name: "info", Count: argparse.Some, Help: "what to print (offset and size if not given)",
				Choices: []string{"name", "type", "subtype", "offset", "size", "encrypted", "readonly"}},
			argparse.Option{Name: "part-list", Help: "all partitions of the type and subtype, not only the first"})},
	}}
}

// selection returns the options that tell a partition, and more.
func selection(more ...argparse.Option) []argparse.Option {
	return append([]argparse.Option{
		{Name: "partition-name", Short: "n", Count: argparse.One, Group: "partition", Help: "name of the partition"},
		{Name: "partition-type", Short: "t", Count: argparse.One, Group: "partition", Help: "type, with --partition-subtype"},
		{Name: "partition-boot-default", Short: "d", Group: "partition",
			Help: "the partition that is started without otadata: factory, else the first OTA slot"},
		{Name: "partition-subtype", Short: "s", Count: argparse.One, Help: "subtype: the first partition of both is meant"},
		{Name: "extra-partition-subtypes", Count: argparse.Any, Help: "further subtypes, each as type,name,value"},
	}, more...)
}
