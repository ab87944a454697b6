// Package espefuse stands in for Espressif's espefuse on virtual eFuse files of
// the classic ESP32: the same commands, the same texts, the same file
// afterwards. It follows v5.3.1 and takes the command lines of v4 too. There is
// no chip behind it: the file stands for one under --virt, or wherever the
// environment names it.
package espefuse

import (
	"bufio"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// version is the release whose behaviour and banner this is.
const version = "v5.3.1"

// session is one run of the tool.
type session struct {
	env      cli.Env
	tool     *cli.Tool
	commands map[string]command
	chip     *chip
	sure     bool  // do not ask before burning
	postpone bool  // burn what locks out at the very end
	batch    bool  // commands only gather what to burn
	force    *bool // --force-write-always; nil while no command knows the option
	// sensitive lets burn-key show keys. Like force it counts for all commands
	// of the line.
	sensitive bool
	answers   *bufio.Reader // standard input, once it is needed
}

// Run carries out a command line, without the program's name, and returns the
// exit code: 0, 2 for errors, and 1 where the reference stops with a traceback.
func Run(env cli.Env, args []string) int {
	return env.Report(run(env, args))
}

func run(env cli.Env, args []string) error {
	args, err := cli.ExpandFiles(env, args)
	if err != nil {
		return err
	}
	s := &session{env: env, tool: toolSpec(), commands: commandTable()}
	line, err := s.tool.Parse(env, args)
	if line != nil {
		for _, w := range append(line.Warnings, oldModes(args)...) {
			env.Warn("%s", w)
		}
	}
	if err != nil {
		return err
	}
	if line.Bare || line.Help {
		s.tool.ShowHelp(env, nil)
		return nil
	}
	env.Print("espefuse " + version)
	if err := s.open(line); err != nil {
		return err
	}
	return s.carryOut(line)
}

// open connects to the virtual chip.
func (s *session) open(line *cli.Line) error {
	v := line.Values
	s.sure, s.postpone = v.Flag(optSure), v.Flag(optPostpone)
	s.sensitive = v.Flag(optDebug)
	custom, err := s.customTable(v.Text(optTable))
	if err != nil {
		return err
	}
	if line.WantsHelp {
		s.chip = blankChip(s.env, custom)
		return nil
	}
	if err := s.checkTarget(v); err != nil {
		return err
	}
	ctl, err := s.openController(v)
	if err != nil {
		return err
	}
	s.chip, err = openChip(s.env, ctl, custom, v.Flag(optDebug))
	return err
}

// openController reaches the eFuses: those of a device if there is one, else
// those in a file.
func (s *session) openController(v *cli.Values) (*controller, error) {
	d := s.env.Device
	if d == nil || v.Flag(optVirt) {
		return openController(s.env, v.Text(optFile), v.Flag(optDebug))
	}
	if d.Efuses.UARTDownloadDisable() && d.Efuses.Revision(d.APBRevision).Major >= 3 {
		return nil, cli.Fatalf("Failed to connect to ESP32: UART_DOWNLOAD_DIS is burnt, this chip has no download mode any more")
	}
	return deviceController(s.env, v.Flag(optDebug)), nil
}

// checkTarget refuses what is not a virtual ESP32, nor a device that is
// simulated. The port in front of a chip that the environment names does not
// matter.
func (s *session) checkTarget(v *cli.Values) error {
	if !v.Flag(optVirt) && !v.FromEnv(optFile) && s.env.Device == nil {
		return s.noChip(v.Text(optPort))
	}
	if chip := v.Text(optChip); chip != "auto" && chip != "esp32" {
		return cli.Fatalf("the eFuses of the chip %s are not modelled: use --chip esp32", chip)
	}
	return nil
}

func (s *session) noChip(port string) error {
	const remedy = "use --virt --path-efuse-file FILE, or let " + envFile + " name a file that stands for the chip"
	if port == "" {
		return s.tool.Misused(s.env, nil, "Missing required argument. Please specify the --port option.\n"+
			"(bootsim has no serial port: "+remedy+".)")
	}
	return cli.Fatalf("bootsim has no hardware to talk to at %s: %s", port, remedy)
}
