package genpart

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/argparse"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// profileFor looks for --idf, which decides about the other options, and
// returns the rules to go by.
func profileFor(env cli.Env, args []string) (parttable.Profile, error) {
	latest := parttable.Latest().Profile
	for i, arg := range args {
		name, value, attached := strings.Cut(arg, "=")
		if name != "--idf" {
			continue
		}
		if !attached && i+1 < len(args) {
			value = args[i+1]
		}
		v, err := parttable.ParseVersion(value)
		if err != nil {
			return latest, parser(env.Prog, latest).Argumentf("--idf", "invalid version: '%s'", value)
		}
		p, err := parttable.ProfileFor(v)
		if err != nil {
			return latest, parser(env.Prog, latest).Argumentf("--idf", "%v", err)
		}
		return p, nil
	}
	return latest, nil
}

// convertOptions turns a command line into options of the conversion.
func convertOptions(env cli.Env, v *argparse.Values, p parttable.Profile) (o parttable.Options, err error) {
	o = parttable.Options{
		Profile: p, MD5: !v.Flag("disable-md5sum"), Verify: verify(v, p), Quiet: v.Flag("quiet"),
		ExtraSubtypes: v.List("extra-partition-subtypes"), InputName: v.Args["input"],
		Getenv: lookup(env),
		Stdout: func(line string) { env.Print(line) },
		Stderr: func(line string) { _, _ = fmt.Fprintln(env.Stderr, line) },
	}
	if text := v.Text("flash-size"); text != "" {
		if o.FlashSize, err = p.ParseFlashSize(text); err != nil {
			return o, err
		}
	}
	if o.Secure, err = secureOption(v, p); err != nil {
		return o, err
	}
	return o, setOffsets(v, &o)
}

func verify(v *argparse.Values, p parttable.Profile) bool {
	return !v.Flag("no-verify") && !(v.Flag("verify") && p.InvertedVerify)
}

func secureOption(v *argparse.Values, p parttable.Profile) (parttable.Secure, error) {
	switch {
	case !v.Flag("secure"):
		return parttable.SecureNone, nil
	case !p.SecureV2:
		return parttable.SecureV1, nil
	}
	return p.ParseSecure(v.Text("secure"))
}

func setOffsets(v *argparse.Values, o *parttable.Options) error {
	offset, err := number(v, "offset")
	if err != nil {
		return err
	}
	o.Offset = *offset
	if o.PrimaryBootloaderOffset, err = number(v, "primary-bootloader-offset"); err != nil {
		return err
	}
	o.RecoveryBootloaderOffset, err = number(v, "recovery-bootloader-offset")
	return err
}

// number reads an offset, nil if it is not given.
func number(v *argparse.Values, name string) (*int64, error) {
	text := v.Text(name)
	if text == "" && !v.Flag(name) {
		return nil, nil
	}
	n, ok := cli.ParseInt(text)
	if !ok {
		return nil, &parttable.ExceptionError{Exception: "ValueError",
			Text: fmt.Sprintf("invalid literal for int() with base 0: '%s'", text)}
	}
	if !n.IsInt64() || n.BitLen() > 40 {
		return nil, &parttable.InputError{Text: fmt.Sprintf("--%s %s: an offset in flash has at most 32 bits", name, text)}
	}
	offset := n.Int64()
	return &offset, nil
}

// lookup returns how variables in CSV are looked up. One that is set to nothing
// counts as not set.
func lookup(env cli.Env) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if env.Getenv == nil {
			return "", false
		}
		value := env.Getenv(name)
		return value, value != ""
	}
}
