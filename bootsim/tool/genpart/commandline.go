package genpart

import (
	"github.com/bootsim/bootsim/bootsim/tool/argparse"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

const about = `Makes a binary partition table of a CSV file, or a CSV file of a binary table: which way round
follows from the first two bytes of the input. The table is checked by the rules of ESP-IDF v5.5 and v6.0, or
of another release with --idf. OUTPUT is written only if the table passes; without it the result goes to
standard output.`

// parser returns the command line of a release.
func parser(prog string, p parttable.Profile) *argparse.Parser {
	return &argparse.Parser{Prog: prog, About: about, Options: options(p), Args: []argparse.Arg{
		{Name: "input", Help: "CSV file or binary table; - for standard input"},
		{Name: "output", Optional: true, Help: "file to write; - for standard output, which is the default"},
	}}
}

func options(p parttable.Profile) []argparse.Option {
	list := []argparse.Option{
		{Name: "flash-size", Count: argparse.Maybe, Choices: flashSizes(p),
			Help: "refuse a table that reaches beyond this much flash"},
		{Name: "disable-md5sum", Help: "write no MD5 row, and expect none"},
		{Name: "no-verify", Help: "convert without checking"},
		{Name: "verify", Short: "v", Help: "check the table, as is done anyway"},
		{Name: "quiet", Short: "q", Help: "print no status lines"},
		{Name: "offset", Short: "o", Count: argparse.One, Default: "0x8000", Help: "flash offset of the table"},
	}
	if p.FixedRows {
		list = append(list,
			argparse.Option{Name: "primary-bootloader-offset", Count: argparse.One, Help: "flash offset of the bootloader"},
			argparse.Option{Name: "recovery-bootloader-offset", Count: argparse.One, Help: "flash offset of the recovery bootloader"})
	}
	list = append(list, secure(p))
	if p.ExtraSubtypes {
		list = append(list, argparse.Option{Name: "extra-partition-subtypes", Count: argparse.Any,
			Help: "further subtypes, each as type,name,value with a hexadecimal value"})
	}
	return append(list, argparse.Option{Name: "idf", Count: argparse.One, Metavar: "VERSION",
		Help: "go by the rules of this release of ESP-IDF, v3.1 to v6.0 (of bootsim; not in the reference)"})
}

// secure returns the option --secure, which takes no value in older releases.
func secure(p parttable.Profile) argparse.Option {
	o := argparse.Option{Name: "secure", Help: "check that applications can be signed for secure boot"}
	if p.SecureV2 {
		o.Count, o.Const, o.Choices = argparse.Maybe, "v1", []string{"v1", "v2"}
	}
	return o
}

func flashSizes(p parttable.Profile) []string {
	sizes := []string{"1MB", "2MB", "4MB", "8MB", "16MB"}
	if p.LargeFlash {
		sizes = append(sizes, "32MB", "64MB", "128MB")
	}
	return sizes
}
