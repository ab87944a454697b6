package esptool

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// Names of options that several places look up.
const (
	optChip        = "chip"
	optEfuses      = "path-efuse-file"
	optPort        = "port"
	optAfter       = "after"
	optNoStub      = "no-stub"
	optSilent      = "silent"
	optFlashFreq   = "flash-freq"
	optFlashMode   = "flash-mode"
	optFlashSize   = "flash-size"
	optForce       = "force"
	optDiffWith    = "diff-with"
	optTrust       = "trust-flash-content"
	optSkipFlashed = "skip-flashed"
	optEncryptList = "encrypt-files"
)

const brief = `Does with files what esptool v` + version + ` does with chips: merges and explains images, and writes, reads,
erases and verifies a simulated ESP32.

The simulated chip is --flash-file, an image of its whole flash, and --path-efuse-file, a dump of its eFuses. Both
may also come from the environment, so that scripts can stay as they are: BOOTSIM_FLASH_FILE,
BOOTSIM_FLASH_FILE_SIZE, BOOTSIM_EFUSE_FILE, BOOTSIM_KEY_FILE. Options for the serial port are taken and do
nothing. Flash forgets as real flash does: sectors are erased before they are written, encryption happens in the
chip's own hardware under its own key, and what the reference refuses for a chip's eFuses is refused.`

func commandLine() *cli.Tool {
	return &cli.Tool{Brief: brief, Options: append(chipOptions(), connectOptions()...), Commands: commands()}
}

// chipOptions are what stands for the serial port.
func chipOptions() []cli.Option {
	return []cli.Option{
		{Name: optChip, Short: "c", Choices: append([]string{"auto"}, chipNames()...), Normal: stripChipName,
			Metavar: "CHIP", Env: "ESPTOOL_CHIP", Default: "auto", Help: "chip type; only esp32 can be simulated"},
		{Name: "flash-file", Metavar: "FILE", Env: "BOOTSIM_FLASH_FILE",
			Help: "image of the whole flash of the simulated chip"},
		{Name: "flash-file-size", Metavar: "SIZE", Env: "BOOTSIM_FLASH_FILE_SIZE", Choices: []string{"1MB", "2MB", "4MB", "8MB", "16MB"},
			Help: "size of the chip, for a flash file that is new or holds only the beginning"},
		{Name: optEfuses, Metavar: "FILE", Env: "BOOTSIM_EFUSE_FILE",
			Help: "eFuses of the simulated chip: a virtual eFuse file, dump or summary of espefuse; a blank chip without"},
		{Name: "keyfile", Short: "k", Metavar: "FILE", Env: "BOOTSIM_KEY_FILE",
			Help: "host's copy of the flash encryption key, for eFuse files that hide it"},
		{Name: "virt", Flag: true, Help: "taken and ignored: every chip is simulated"},
	}
}

// connectOptions are those of the reference, most of them about a connection
// that does not exist here.
func connectOptions() []cli.Option {
	dash := func(v string) string { return strings.ReplaceAll(v, "_", "-") }
	return []cli.Option{
		{Name: optPort, Short: "p", Metavar: "PORT", Help: "ignored"},
		{Name: "baud", Short: "b", Metavar: "RATE", Help: "ignored"},
		{Name: "port-filter", Many: true, Metavar: "FILTER", Help: "ignored"},
		{Name: "before", Choices: []string{"default-reset", "usb-reset", "no-reset", "no-reset-no-sync"}, Normal: dash,
			Metavar: "MODE", Help: "ignored"},
		{Name: optAfter, Short: "a", Choices: []string{"hard-reset", "soft-reset", "no-reset", "no-reset-stub", "watchdog-reset"},
			Normal: dash, Metavar: "MODE", Env: "ESPTOOL_AFTER", Default: "hard-reset", Help: "what to say at the end about a reset"},
		{Name: optNoStub, Flag: true, Help: "do only what the chip's ROM can do"},
		{Name: "stub-version", Metavar: "N", Help: "ignored"},
		{Name: "trace", Short: "t", Flag: true, Help: "ignored"},
		{Name: "verbose", Short: "v", Flag: true, Help: "ignored"},
		{Name: optSilent, Short: "s", Flag: true, Help: "print errors only"},
		{Name: "override-vddsdio", Choices: []string{"1.8V", "1.9V", "OFF"}, Metavar: "VOLTAGE", Help: "ignored"},
		{Name: "connect-attempts", Metavar: "N", Help: "ignored"},
	}
}

// stripChipName makes ESP32-S3 the same as esp32s3.
func stripChipName(name string) string {
	return strings.NewReplacer("-", "", "(", "", ")", "").Replace(strings.ToLower(name))
}
