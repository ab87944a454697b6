package espefuse

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/emu/efuse"
)

func prepareBurnKey(s *session, call cli.Call) (action, error) {
	keys, err := s.blockFiles(call, keyBlocks())
	if err != nil {
		return nil, err
	}
	return func() error { return s.burnKeys(keys, !call.Values.Flag(optNoProtect)) }, nil
}

func (s *session) burnKeys(keys []input, protect bool) error {
	s.announceHiding()
	var names []string
	for _, k := range keys {
		names = append(names, k.block)
	}
	if err := checkRepeated(names); err != nil {
		return err
	}
	s.env.Print("Burn keys to blocks:")
	for _, k := range keys {
		if err := s.burnKey(k, protect); err != nil {
			return err
		}
		s.env.Print()
	}
	fate := "read and write protected (no further changes or readback)."
	if !protect {
		s.env.Print("Key is left unprotected as per --no-protect-key argument.")
		fate = "left readable and writeable (due to --no-protect-key)."
	}
	s.env.Printf("Burn keys in eFuse blocks.\nThe key block will be %s \n\n", fate)
	return s.burnAndConclude()
}

func (s *session) burnKey(k input, protect bool) error {
	f := s.keyField(blockByName(k.block))
	hidden := k.block == "flash_encryption" || k.block == "secure_boot_v1"
	data := k.data
	if hidden {
		data = reversed(data)
	}
	s.env.Printf(" - %s -> [%s]\n", f.Name, s.keyText(data))
	if hidden {
		s.env.Print("\tReversing the byte order...")
	}
	if n := s.chip.shown.FieldLen(f) / 8; len(data) != n {
		return cli.Fatalf("Incorrect key file size %d. Key file must be %d bytes (%d bits) of raw binary key data.", len(data), n, 8*n)
	}
	if err := s.save(f, bitsOf(data, 8*len(data))); err != nil || !protect {
		return err
	}
	if hidden {
		s.env.Print("\tDisabling read to key block...")
		if err := s.disable(f, rdDis()); err != nil {
			return err
		}
	}
	s.env.Print("\tDisabling write to key block...")
	return s.disable(f, wrDis())
}

func (s *session) keyField(block int) efuse.Field { return s.chip.must(blockName(block)) }

// announceHiding says that keys are not shown, unless they are.
func (s *session) announceHiding() {
	if !s.sensitive {
		s.env.Print("Sensitive data will be hidden (see --show-sensitive-info)")
	}
}

// keyText writes a key, or as many question marks.
func (s *session) keyText(data []byte) string {
	if s.sensitive {
		return fmt.Sprintf("% x", data)
	}
	return strings.TrimSuffix(strings.Repeat("?? ", len(data)), " ")
}

func prepareDigest(s *session, call cli.Call) (action, error) {
	pem, err := s.readInput(call, call.Values.Args[0])
	if err != nil {
		return nil, err
	}
	return func() error { return s.burnDigest(pem, !call.Values.Flag(optNoProtect)) }, nil
}

func (s *session) burnDigest(pem []byte, protect bool) error {
	s.announceHiding()
	if s.chip.scheme == efuse.Coding34 {
		return cli.Fatalf("burn-key-digest only works with 'None' coding scheme")
	}
	digest, err := espsecure.PublicKeyDigest(pem)
	if err != nil {
		return err
	}
	f := s.keyField(2)
	s.env.Printf(" - %s -> [%s]\n", f.Name, s.keyText(digest[:]))
	if err := s.save(f, bitsOf(digest[:], 8*len(digest))); err != nil {
		return err
	}
	if protect {
		s.env.Printf("Disabling write to eFuse %s...\n", f.Name)
		if err := s.disable(f, wrDis()); err != nil {
			return err
		}
	}
	return s.burnAndConclude()
}
