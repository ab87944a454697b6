package espefuse

import "github.com/bootsim/bootsim/bootsim/tool/cli"

// commands lists the commands in the order of the help page.
func commands() []command {
	return append(burnCommands(), readCommands()...)
}

func readCommands() []command {
	return []command{
		{spec: cli.Command{Name: "summary", Brief: "Show the fields.",
			Help: "Shows all fields, or those that are named: what they mean, what protects them and their bits.",
			Args: []cli.Arg{{Metavar: "[EFUSES_TO_SHOW]...", Optional: true, Many: true}},
			Options: []cli.Option{
				{Name: optFormat, Choices: []string{"summary", "json", "value_only"}, Default: "summary", Help: "How to show them."},
				{Name: optOutput, Metavar: "FILE", Help: "Write to a file."},
			}}, prepare: prepareSummary},
		{spec: cli.Command{Name: "dump", Brief: "Show the registers.",
			Help: "Shows what the registers of the blocks hold, or writes it to files: joint into one, split into one a block " +
				"with the number of the block in its name.",
			Options: []cli.Option{
				{Name: optFormat, Choices: []string{"default", "split", "joint"}, Default: "default",
					Help: "Hexadecimal words, or bytes block by block or all together."},
				{Name: optFileName, Metavar: "FILE", Help: "Write to this file, or with split and default to files named after it."},
			}}, prepare: prepareDump},
		{spec: cli.Command{Name: "get-custom-mac", Brief: "Show the user's MAC address.",
			Help: "Shows the MAC address in BLOCK3."}, prepare: prepareGetMAC},
		{spec: cli.Command{Name: "adc-info", Brief: "Show the calibration of the ADC.",
			Help: "Shows the reference voltage and, if the chip has them, the calibration points of the ADC."}, prepare: prepareADC},
		{spec: cli.Command{Name: "check-error", Brief: "Look for coding errors.",
			Help: "Looks for blocks in which the controller has found coding errors.",
			Options: []cli.Option{{Name: optRecovery, Flag: true,
				Help: "Burn the blocks with errors once more."}}}, prepare: prepareCheckError},
		{spec: cli.Command{Name: cmdScripts, Brief: "Not offered.",
			Help: "Ran Python scripts in v4. Neither v5 nor bootsim do.",
			Args: []cli.Arg{{Metavar: "[SCRIPTS]...", Optional: true, Many: true}},
			Options: []cli.Option{{Name: "index", Metavar: "NUMBER", Help: "Not used."},
				{Name: "configfiles", Metavar: "FILE", Help: "Not used."}}}, prepare: prepareScripts},
	}
}

func burnCommands() []command {
	return []command{
		{burns: true, prepare: prepareBurnEfuse, spec: cli.Command{Name: "burn-efuse", Brief: "Burn fields.",
			Help:    "Burns values into fields. A field of one bit needs no value when it is the only one.",
			Args:    []cli.Arg{{Metavar: "[<EFUSE_NAME> <VALUE>] ...", Many: true}},
			Options: []cli.Option{{Name: "force", Flag: true, Help: "Burn combinations that make no sense. The ESP32 has none."}}}},
		{burns: true, prepare: prepareReadProtect, spec: cli.Command{Name: "read-protect-efuse", Brief: "Make fields unreadable.",
			Help: "Keeps software from ever reading a field again, and all others that share its protection bit.",
			Args: []cli.Arg{{Metavar: "EFUSE_NAME...", Many: true}}}},
		{burns: true, prepare: prepareWriteProtect, spec: cli.Command{Name: "write-protect-efuse", Brief: "Make fields final.",
			Help: "Keeps a field from ever being burnt again, and all others that share its protection bit.",
			Args: []cli.Arg{{Metavar: "EFUSE_NAME...", Many: true}}}},
		{burns: true, prepare: prepareBlockData, spec: cli.Command{Name: "burn-block-data", Brief: "Burn bytes into blocks.",
			Help: "Burns files into blocks as they are. For flash encryption and secure boot v1 keys use burn-key, " +
				"which turns them round.",
			Args: []cli.Arg{{Metavar: "[<BLOCK> <DATAFILE>] ... (max 4 groups)", Many: true}},
			Options: []cli.Option{{Name: optOffset, Short: "o", Metavar: "BYTES", Default: "0",
				Help: "Where in the block the file begins. The rest is zeros."}, forceOption()}}},
		{burns: true, prepare: prepareBurnBit, spec: cli.Command{Name: "burn-bit", Brief: "Burn single bits.",
			Help:    "Burns bits of a block by their number.",
			Args:    []cli.Arg{{Metavar: "{BLOCK0|BLOCK1|BLOCK2|BLOCK3}"}, {Metavar: "BIT_NUMBER...", Many: true}},
			Options: []cli.Option{forceOption()}}},
		{burns: true, prepare: prepareBurnKey, spec: cli.Command{Name: "burn-key", Brief: "Burn keys.",
			Help: "Burns key files into blocks. The blocks are BLOCK1, BLOCK2 and BLOCK3. Named flash_encryption or secure_boot_v1, " +
				"BLOCK1 or BLOCK2 gets the key back to front, as the hardware wants it, and becomes unreadable; " +
				"secure_boot_v2 is BLOCK2 as it is.",
			Args:    []cli.Arg{{Metavar: "[<BLOCK> <KEYFILE>] ... (max 6 groups)", Many: true}},
			Options: []cli.Option{protectOption("keys"), forceOption(), sensitiveOption()}}},
		{burns: true, prepare: prepareDigest, spec: cli.Command{Name: cmdDigest, Brief: "Burn the digest of a public key.",
			Help:    "Burns the digest of a public key for secure boot v2 into BLOCK2. The file is a PEM of the public or the private key.",
			Args:    []cli.Arg{{Metavar: "KEYFILE"}},
			Options: []cli.Option{protectOption("digest"), forceOption(), sensitiveOption()}}},
		{burns: true, prepare: prepareBurnMAC, spec: cli.Command{Name: "burn-custom-mac", Brief: "Burn a MAC address.",
			Help:    "Burns a MAC address such as AA:CD:EF:01:02:03 into BLOCK3, with its check byte and MAC_VERSION.",
			Args:    []cli.Arg{{Metavar: "MAC"}},
			Options: []cli.Option{forceOption()}}},
		{burns: true, prepare: prepareVoltage, spec: cli.Command{Name: "set-flash-voltage", Brief: "Set the flash's supply.",
			Help: "Sets the voltage of VDD_SDIO for good, so that GPIO12 no longer decides it at reset.",
			Args: []cli.Arg{{Metavar: "{1.8V|3.3V|OFF}"}}}},
	}
}
