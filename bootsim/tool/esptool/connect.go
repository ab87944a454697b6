package esptool

import (
	"errors"
	"io/fs"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/simchip"
)

// action is a command whose arguments were understood.
type action func() error

// onChip carries out a command on the simulated chip: it reads the arguments,
// connects, acts, keeps what became of the flash, and says how it leaves.
func (s *session) onChip(prepare func() (action, error)) error {
	if t := s.values.Text("flash-type"); t == "nand" {
		return cli.Fatalf("NAND flash is not modelled: leave out --flash-type")
	}
	act, err := prepare()
	if err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	if name := s.command.Name; !s.stub() && name != "chip-id" && name != "read-mac" {
		s.env.Print("Enabling default SPI flash mode...")
	}
	err = act()
	if saved := s.chip.Save(); saved != nil {
		return errors.Join(err, cli.Fatalf("%v", saved))
	}
	if left := s.leave(); err == nil {
		err = left
	}
	return err
}

// connect makes the simulated chip and shows what it is.
func (s *session) connect() error {
	if c := s.givenChip(); c != nil && c.name != "esp32" {
		return cli.Fatalf("the %s is not modelled: only the classic ESP32 can be simulated, use --chip esp32", c.title)
	}
	if err := s.openChip(); err != nil {
		return err
	}
	if s.chip.Fuses.UARTDownloadDisable() && s.chip.Revision().Major >= 3 {
		return cli.Fatalf("Failed to connect to ESP32: UART_DOWNLOAD_DIS is burnt, this chip has no download mode any more")
	}
	s.env.Printf("Connected to ESP32 on %s:\n", s.chip.Name())
	s.describe()
	s.env.Print()
	if s.stub() {
		s.env.Print("Stub flasher running.")
	}
	s.env.Print()
	return nil
}

// openChip makes the chip: the device that there is, or one of files.
func (s *session) openChip() error {
	if s.env.Device != nil {
		s.chip = simchip.Attached(s.env.Device)
		return nil
	}
	files := simchip.Files{Flash: s.global.Text("flash-file"), Efuses: s.efuseFile(), Key: s.global.Text("keyfile")}
	if size := s.global.Text("flash-file-size"); size != "" {
		files.FlashSize = uint32(sizeBytes(size))
	}
	var err error
	if s.chip, err = simchip.Open(s.env.FS, files); err != nil {
		return cli.Fatalf("%v", err)
	}
	return nil
}

// efuseFile names the chip's eFuses, "" for a blank chip. Where the environment
// names a file that is not there yet, espefuse has not burnt anything so far: a
// script may begin with esptool.
func (s *session) efuseFile() string {
	name := s.global.Text(optEfuses)
	if !s.global.FromEnv(optEfuses) {
		return name
	}
	if _, err := s.env.FS.Stat(name); errors.Is(err, fs.ErrNotExist) {
		s.note("%s does not exist yet: the chip's eFuses are blank", name)
		return ""
	}
	return name
}

// leave prints what the reference says when it is done with a chip.
func (s *session) leave() error {
	s.env.Print()
	switch s.global.Text(optAfter) {
	case "soft-reset":
		s.env.Print("Soft resetting...")
		if !s.global.Flag(optNoStub) {
			return cli.Fatalf("Soft resetting is currently only supported on ESP8266")
		}
	case "no-reset":
		s.env.Print("Staying in bootloader.")
	case "no-reset-stub":
		s.env.Print("Staying in flasher stub.")
	case "watchdog-reset":
		s.note("Watchdog hard reset is not supported on ESP32, attempting classic hard reset instead.")
		s.env.Print("Hard resetting via RTS pin...")
	default:
		s.env.Print("Hard resetting via RTS pin...")
	}
	return nil
}

// stub tells whether the flasher stub runs, which can do more than the ROM.
func (s *session) stub() bool { return !s.global.Flag(optNoStub) }
