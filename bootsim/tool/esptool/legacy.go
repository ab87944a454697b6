package esptool

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// modern rewrites a command line for package cli: names that v5 gave up become
// those it has instead, and options of two letters their long names. warnings
// are the reference's.
func modern(args []string) (out, warnings []string) {
	for i, arg := range args {
		name, value, attached := strings.Cut(arg, "=")
		if !attached && i+1 < len(args) {
			value = args[i+1]
		}
		warnings = append(warnings, oldChoice(name, value)...)
		if to := renamed(name); to != "" {
			warnings = append(warnings, "Deprecated: Option '"+name+"' is deprecated. Use '"+to+"' instead.")
			name = to
		}
		if name = longName(name); attached {
			name += "=" + value
		}
		out = append(out, name)
	}
	return out, warnings
}

// renamed returns the name that v5 gave to an option, "" if it kept it.
func renamed(name string) string {
	switch name {
	case "--flash_size", "--flash_freq", "--flash_mode":
		return strings.ReplaceAll(name, "_", "-")
	case "--ignore_flash_encryption_efuse_setting", "--ignore-flash-encryption-efuse-setting":
		return "--ignore-flash-enc-efuse"
	case "--fill-flash-size", "--fill_flash_size":
		return "--pad-to-size"
	case "--no-diff-verify":
		return "--" + optTrust
	}
	return ""
}

// oldChoice warns of a reset mode in the spelling of v4.
func oldChoice(name, value string) []string {
	if name == "-a" {
		name = "--" + optAfter
	}
	if name != "--"+optAfter && name != "--before" || !strings.Contains(value, "_") {
		return nil
	}
	return []string{"Deprecated: Choice '" + value + "' for option '" + name + "' is deprecated. Use '" +
		strings.ReplaceAll(value, "_", "-") + "' instead."}
}

// longName returns the long name of an option of two letters.
func longName(name string) string {
	switch name {
	case "-ff":
		return "--" + optFlashFreq
	case "-fm":
		return "--" + optFlashMode
	case "-fs":
		return "--" + optFlashSize
	case "-ft":
		return "--flash-type"
	case "-sc":
		return "--spi-connection"
	}
	return name
}

// firstWord returns the first word that is neither an option nor the value of
// one.
func firstWord(tool *cli.Tool, args []string) string {
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			return args[i]
		}
		for _, o := range tool.Options {
			if !o.Flag && (args[i] == "--"+o.Name || o.Short != "" && args[i] == "-"+o.Short) {
				i++
				break
			}
		}
	}
	return ""
}
