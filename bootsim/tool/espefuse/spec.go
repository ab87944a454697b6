package espefuse

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// Options of the tool and its commands.
const (
	optChip      = "chip"
	optPort      = "port"
	optDebug     = "debug"
	optVirt      = "virt"
	optFile      = "path-efuse-file"
	optSure      = "do-not-confirm"
	optPostpone  = "postpone"
	optTable     = "extend-efuse-table"
	optForce     = "force-write-always"
	optSensitive = "show-sensitive-info"
	optNoProtect = "no-protect-key"
	optOffset    = "offset"
	optFormat    = "format"
	optFileName  = "file-name"
	optOutput    = "file"
	optRecovery  = "recovery"
)

// envFile is the environment variable that names the chip's file, for esptool
// as well.
const envFile = "BOOTSIM_EFUSE_FILE"

// Commands that are named in code.
const (
	cmdScripts = "execute-scripts"
	cmdDigest  = "burn-key-digest"
)

// command is what a command does.
type command struct {
	spec    cli.Command
	burns   bool
	prepare func(*session, cli.Call) (action, error)
}

// commandTable returns the commands by name.
func commandTable() map[string]command {
	table := map[string]command{}
	for _, c := range commands() {
		table[c.spec.Name] = c
	}
	return table
}

func toolSpec() *cli.Tool {
	t := &cli.Tool{
		Brief: "espefuse " + version + " as bootsim has it: shows and burns the eFuses of a virtual ESP32, " +
			"which lives in a file.\n\nSeveral commands can follow each other; what they burn is then burnt together at the end.",
		Options: toolOptions(), Chain: true,
	}
	for _, c := range commands() {
		t.Commands = append(t.Commands, c.spec)
	}
	return t
}

func toolOptions() []cli.Option {
	return []cli.Option{
		{Name: optChip, Short: "c", Metavar: "CHIP", Choices: chips(), Normal: chipName, Env: "ESPTOOL_CHIP", Default: "auto",
			Help: "Type of chip: esp32 or auto, which is the same here."},
		{Name: "baud", Short: "b", Metavar: "RATE", Env: "ESPTOOL_BAUD", Help: "Accepted and not used."},
		{Name: optPort, Short: "p", Metavar: "PORT", Env: "ESPTOOL_PORT", Help: "Taken for the chip that " + envFile + " names, else refused: there is no hardware."},
		{Name: "before", Metavar: "MODE", Normal: hyphens, Default: "default-reset",
			Choices: []string{"default-reset", "usb-reset", "no-reset", "no-reset-no-sync"}, Help: "Accepted and not used."},
		{Name: "after", Short: "a", Metavar: "MODE", Normal: hyphens, Default: "no-reset",
			Choices: []string{"hard-reset", "soft-reset", "no-reset", "watchdog-reset"}, Help: "Accepted and not used."},
		{Name: optDebug, Short: "d", Flag: true, Help: "Show registers and every step of a burn. This shows keys."},
		{Name: optVirt, Flag: true, Help: "Work on a virtual chip."},
		{Name: optFile, Metavar: "FILE", Env: envFile, Help: "Where the virtual chip lives. Without a file it is blank and forgotten at the end. " +
			envFile + " names one for command lines without --virt."},
		{Name: optSure, Flag: true, Help: "Burn without asking."},
		{Name: optPostpone, Flag: true, Off: "no-postpone", Default: "on",
			Help: "Burn protections, and what locks the tool out, after everything else. This is the default."},
		{Name: optTable, Metavar: "FILE", Help: "Also know the fields of this table (CSV, as for ESP-IDF's efuse_table_gen)."},
	}
}

func hyphens(text string) string { return strings.ReplaceAll(text, "_", "-") }

// oldModes remarks on reset modes in the spelling of v4.
func oldModes(args []string) (remarks []string) {
	for i, arg := range args {
		name, value, attached := strings.Cut(arg, "=")
		if name == "-a" {
			name = "--after"
		}
		if !attached && i+1 < len(args) {
			value = args[i+1]
		}
		if (name == "--before" || name == "--after") && strings.Contains(value, "_") {
			remarks = append(remarks, "Deprecated: Choice '"+value+"' for option '"+name+"' is deprecated. Use '"+hyphens(value)+"' instead.")
		}
	}
	return remarks
}

// chipName makes a chip's name comparable: ESP32-S3 is esp32s3.
func chipName(text string) string {
	return strings.NewReplacer("-", "", "(", "", ")", "").Replace(strings.ToLower(text))
}

// chips are the names that --chip takes. Only the first two are modelled.
func chips() []string {
	return []string{"auto", "esp32", "esp32c2", "esp32c3", "esp32c6", "esp32c61", "esp32c5", "esp32e22",
		"esp32h2", "esp32h21", "esp32h4", "esp32p4", "esp32s2", "esp32s3", "esp32s31"}
}

func forceOption() cli.Option {
	return cli.Option{Name: optForce, Flag: true,
		Help: "Burn over other content and in spite of protections. A protected bit stays as it is even so."}
}

func sensitiveOption() cli.Option {
	return cli.Option{Name: optSensitive, Flag: true, Help: "Show the key that is burnt. --debug does so too."}
}

func protectOption(what string) cli.Option {
	return cli.Option{Name: optNoProtect, Flag: true, Help: "Leave the " + what + " without protection."}
}
