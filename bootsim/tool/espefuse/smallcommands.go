package espefuse

import "github.com/bootsim/bootsim/bootsim/tool/cli"

func prepareGetMAC(s *session, _ cli.Call) (action, error) {
	return func() error { s.printCustomMAC(); return nil }, nil
}

func (s *session) printCustomMAC() {
	if v := s.chip.get("MAC_VERSION"); v > 0 {
		s.env.Printf("Custom MAC Address version %d: %v\n", v, s.chip.shown.Value(s.chip.must(customMAC), apbBit))
		return
	}
	s.env.Print("Custom MAC Address is not set in the device.")
}

func prepareBurnMAC(s *session, call cli.Call) (action, error) {
	mac, err := parseMAC(&call.Values.Args[0])
	if err != nil {
		return nil, err
	}
	return func() error { return s.burnCustomMAC(mac) }, nil
}

func (s *session) burnCustomMAC(mac []byte) error {
	if err := s.save(s.chip.must(customMAC), bitsOf(mac, 8*len(mac))); err != nil {
		return err
	}
	if done, err := s.burnAll(); err != nil || !done {
		return err
	}
	s.printCustomMAC()
	s.env.Print("Successful.")
	return nil
}

func prepareADC(s *session, _ cli.Call) (action, error) {
	return func() error { s.printADC(); return nil }, nil
}

func (s *session) printADC() {
	c := s.chip
	if c.get(adcVref) == 0 {
		s.env.Print("ADC VRef calibration: None (1100mV nominal)")
	} else {
		s.env.Printf("ADC VRef calibration: %vmV\n", c.value(c.must(adcVref)))
	}
	if c.get("BLK3_PART_RESERVE") == 0 {
		return
	}
	s.env.Print("ADC readings stored in eFuse BLOCK3:")
	_, _, _, points, _ := fieldGroups()
	labels := []string{"ADC1 Low reading  (150mV)", "ADC1 High reading (850mV)", "ADC2 Low reading  (150mV)", "ADC2 High reading (850mV)"}
	for i, f := range points {
		s.env.Printf("    %s: %v\n", labels[i], c.shown.Value(f, apbBit))
	}
}

func prepareScripts(s *session, _ cli.Call) (action, error) {
	return func() error {
		return cli.Fatalf("execute-scripts is not offered: v5 has removed it as well. Name several commands in one line instead.")
	}, nil
}
