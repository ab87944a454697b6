package esptool

import "github.com/bootsim/bootsim/bootsim/tool/cli"

// pairsName is how messages call the pairs of an address and a file.
const pairsName = "<address> <filename>..."

func commands() []cli.Command {
	pairs := []cli.Arg{{Metavar: pairsName, Many: true}}
	area := []cli.Arg{{Metavar: "ADDRESS"}, {Metavar: "SIZE"}}
	return []cli.Command{
		{Name: "image-info", Args: []cli.Arg{{Metavar: "FILENAME"}}, Options: imageInfoOptions(),
			Brief: "explain an image", Help: "Prints what the headers, segments and descriptors of a bootloader or application say. " +
				"Of an Intel HEX file every part is explained."},
		{Name: "merge-bin", Args: pairs, Options: append(mergeOptions(), flashOptions("keep")...),
			Brief: "merge files into one", Help: "Puts files at their addresses into a single file: a raw image, Intel HEX or UF2."},
		{Name: "write-flash", Args: pairs, Options: append(writeOptions(), flashOptions("detect", "keep")...),
			Brief: "write files to the simulated flash", Help: "Erases the sectors that files lie in and programs the files, each at its address. " +
				"With --encrypt the simulated chip encrypts under the key in its eFuses."},
		{Name: "read-flash", Args: append(area, cli.Arg{Metavar: "OUTPUT"}),
			Options: append([]cli.Option{noProgress()}, flashSizeOption("detect", "keep"), spiConnection(), flashType()),
			Brief:   "read the simulated flash into a file", Help: "SIZE is a number, may end in k or M, or is ALL. What is encrypted is read encrypted."},
		{Name: "verify-flash", Args: pairs, Options: append([]cli.Option{{Name: "diff", Short: "d", Flag: true, Help: "list the bytes that differ"}, flashType()},
			flashOptions("detect", "keep")...),
			Brief: "compare files with the simulated flash", Help: "Ends with exit code 2 if a file differs from the flash."},
		{Name: "erase-flash", Options: []cli.Option{force("erase"), spiConnection(), flashType()},
			Brief: "erase the whole simulated flash", Help: "Sets the whole flash to ones. A new --flash-file is made."},
		{Name: "erase-region", Args: area, Options: []cli.Option{force("erase"), spiConnection(), flashType()},
			Brief: "erase sectors of the simulated flash", Help: "ADDRESS and SIZE are multiples of 4096."},
		{Name: "flash-id", Options: []cli.Option{spiConnection()}, Brief: "print what the flash chip is",
			Help: "Prints the ids by which a flash chip of this size could answer."},
		{Name: "chip-id", Brief: "print the chip's id", Help: "An ESP32 has none: prints its MAC address."},
		{Name: "read-mac", Brief: "print the chip's MAC address", Help: "Prints the MAC address in the eFuses."},
		{Name: "version", Brief: "print the release of esptool this follows", Help: "Prints " + version + "."},
	}
}

func imageInfoOptions() []cli.Option {
	return []cli.Option{{Name: "version", Short: "v", Choices: []string{"1", "2"}, Metavar: "N", Help: "of v4; ignored: the output is v5's"}}
}

func mergeOptions() []cli.Option {
	return []cli.Option{
		{Name: "output", Short: "o", Metavar: "FILE", Required: true, Help: "file to write"},
		{Name: "format", Short: "f", Choices: []string{"raw", "uf2", "hex"}, Default: "raw", Help: "form of the output"},
		{Name: "chunk-size", Metavar: "N", Help: "uf2: bytes of data a block, a multiple of 4"},
		{Name: "md5-disable", Flag: true, Help: "uf2: no MD5 in the blocks"},
		{Name: "target-offset", Short: "t", Metavar: "ADDRESS", Default: "0", Help: "raw: address at which the output begins"},
		{Name: "pad-to-size", Metavar: "SIZE", Choices: []string{"256KB", "512KB", "1MB", "2MB", "4MB", "8MB", "16MB", "32MB", "64MB", "128MB"},
			Help: "raw: pad with 0xff up to this size of flash"},
	}
}

func writeOptions() []cli.Option {
	return []cli.Option{
		{Name: "erase-all", Short: "e", Flag: true, Help: "erase the whole flash first"},
		noProgress(),
		{Name: "encrypt", Flag: true, Help: "have the chip encrypt all files"},
		{Name: optEncryptList, Many: true, Metavar: "ADDRESS FILE ...", Help: "files to be encrypted, besides those that are not"},
		{Name: "ignore-flash-enc-efuse", Flag: true, Help: "encrypt even with a key or FLASH_CRYPT_CONFIG that does not look right"},
		{Name: optDiffWith, Many: true, Metavar: "FILE ...", Help: "files flashed before, in the order of the new ones, or skip: only sectors that changed are written"},
		{Name: optTrust, Flag: true, Help: "with --diff-with: do not look at the flash if nothing changed"},
		{Name: optSkipFlashed, Short: "s", Flag: true, Help: "leave files alone that are in flash already"},
		force("write"),
		{Name: "compress", Short: "z", Flag: true, Help: "ignored"},
		{Name: "no-compress", Short: "u", Flag: true, Help: "ignored"},
		{Name: "verify", Flag: true, Help: "of v4; ignored: what is written is always verified"},
		flashType(),
	}
}

func noProgress() cli.Option {
	return cli.Option{Name: "no-progress", Short: "p", Flag: true, Help: "ignored: there is no progress bar"}
}

func force(verb string) cli.Option {
	return cli.Option{Name: optForce, Flag: true, Help: verb + " even what the chip's security settings forbid"}
}

func spiConnection() cli.Option {
	return cli.Option{Name: "spi-connection", Short: "sc", Metavar: "PINS", Help: "ignored"}
}

func flashType() cli.Option {
	return cli.Option{Name: "flash-type", Short: "ft", Choices: []string{"nor", "nand"}, Default: "nor", Help: "only nor is simulated"}
}

// flashOptions are those that change the header of a bootloader on its way.
func flashOptions(extra ...string) []cli.Option {
	freqs := []string{"keep", "80m", "60m", "48m", "40m", "30m", "26m", "24m", "20m", "16m", "15m", "12m"}
	return []cli.Option{
		{Name: optFlashFreq, Short: "ff", Choices: freqs, Metavar: "FREQ", Env: "ESPTOOL_FF", Default: "keep",
			Help: "flash frequency to put into the bootloader's header: " + freqs[0] + ", 80m, 40m, 26m, 20m, …"},
		{Name: optFlashMode, Short: "fm", Choices: []string{"keep", "qio", "qout", "dio", "dout"}, Metavar: "MODE", Env: "ESPTOOL_FM", Default: "keep",
			Help: "flash mode to put there: keep, qio, qout, dio, dout"},
		flashSizeOption(extra...),
		spiConnection(),
	}
}

func flashSizeOption(extra ...string) cli.Option {
	sizes := append(extra, "256KB", "512KB", "1MB", "2MB", "2MB-c1", "4MB", "4MB-c1", "8MB", "16MB", "32MB", "64MB", "128MB")
	return cli.Option{Name: optFlashSize, Short: "fs", Choices: sizes, Metavar: "SIZE", Env: "ESPTOOL_FS", Default: "keep",
		Help: "flash size to put there: " + extra[0] + ", 1MB, 2MB, 4MB, 8MB, 16MB, …"}
}
