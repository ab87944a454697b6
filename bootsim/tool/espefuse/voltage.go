package espefuse

import "github.com/bootsim/bootsim/bootsim/tool/cli"

func prepareVoltage(s *session, call cli.Call) (action, error) {
	voltage := call.Values.Args[0]
	if err := s.choice(call, call.Command.Args[0].Metavar, voltage, []string{"1.8V", "3.3V", "OFF"}); err != nil {
		return nil, err
	}
	return func() error { return s.setVoltage(voltage) }, nil
}

func (s *session) setVoltage(voltage string) error {
	regulator, high := s.chip.get("XPD_SDIO_REG") != 0, s.chip.get("XPD_SDIO_TIEH") != 0
	switch {
	case voltage == "OFF" && regulator:
		return cli.Fatalf("Can't set flash regulator to OFF as XPD_SDIO_REG eFuse is already burned.")
	case voltage == "1.8V" && high:
		return cli.Fatalf("Can't set regulator to 1.8V is XPD_SDIO_TIEH eFuse is already burned.")
	}
	text, names := voltagePlan(voltage, high)
	s.env.Print(text)
	for _, name := range names {
		f := s.chip.must(name)
		if err := s.save(f, ones(f.Len)); err != nil {
			return err
		}
	}
	s.env.Print("VDD_SDIO setting complete.")
	return s.burnAndConclude()
}

// voltagePlan tells what a setting means and which fields it takes.
func voltagePlan(voltage string, high bool) (text string, names []string) {
	switch voltage {
	case "OFF":
		to := "to 1.8V or 3.3V"
		if high {
			to = "to 3.3V"
		}
		return "Disable internal flash voltage regulator (VDD_SDIO). " +
			"SPI flash will need to be powered from an external source.\n" +
			"The following eFuse is burned: XPD_SDIO_FORCE.\n" +
			"It is possible to later re-enable the internal regulator" + to + "by burning an additional eFuse.", []string{"XPD_SDIO_FORCE"}
	case "1.8V":
		return "Set internal flash voltage regulator (VDD_SDIO) to 1.8V.\n" +
				"The following eFuses are burned: XPD_SDIO_FORCE, XPD_SDIO_REG.\n" +
				"It is possible to later increase the voltage to 3.3V (permanently) by burning additional eFuse XPD_SDIO_TIEH.",
			[]string{"XPD_SDIO_FORCE", "XPD_SDIO_REG"}
	}
	return "Enable internal flash voltage regulator (VDD_SDIO) to 3.3V.\n" +
		"The following eFuses are burned: XPD_SDIO_FORCE, XPD_SDIO_REG, XPD_SDIO_TIEH.", []string{"XPD_SDIO_FORCE", "XPD_SDIO_REG", "XPD_SDIO_TIEH"}
}
