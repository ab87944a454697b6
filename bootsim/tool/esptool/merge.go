package esptool

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim/input/ihex"
	"github.com/bootsim/bootsim/bootsim/input/uf2"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// maxMerged bounds a raw output, in bytes: the largest --pad-to-size.
const maxMerged = 128 << 20

// mergeBin puts files into one.
func (s *session) mergeBin() error {
	parts, err := s.pairs(pairsName, s.values.Args)
	if err != nil {
		return err
	}
	target, err := s.number("target-offset")
	if err != nil {
		return err
	}
	chunk, err := s.chunkSize()
	if err != nil {
		return err
	}
	c := s.givenChip()
	if c == nil {
		return cli.Fatalf("Specify the --chip argument (choose from %s).", strings.Join(chipNames(), ", "))
	}
	parts = byAddress(parts)
	if parts[0].addr < target {
		return cli.Fatalf("Output data target offset is %#x. Input data offset %#x is before this.", target, parts[0].addr)
	}
	if err := s.checkOutput(s.values.Text("output"), parts); err != nil {
		return err
	}
	switch s.values.Text("format") {
	case "uf2":
		return s.mergeUF2(c, parts, chunk)
	case "hex":
		return s.mergeHex(c, parts, target)
	}
	return s.mergeRaw(c, parts, target)
}

// number reads an option that is a number of at most 32 bits.
func (s *session) number(option string) (uint64, error) {
	text := s.values.Text(option)
	n, ok := cli.ParseInt(text)
	if !ok || !n.IsUint64() || n.BitLen() > 32 {
		return 0, s.invalid(option, "'%s' is not a valid integer.", text)
	}
	return n.Uint64(), nil
}

// chunkSize returns how much data a UF2 block takes; 0 for as much as fits.
func (s *session) chunkSize() (int, error) {
	if !s.values.Given("chunk-size") {
		return 0, nil
	}
	n, err := s.number("chunk-size")
	if err != nil {
		return 0, err
	}
	if n%4 != 0 {
		return 0, s.invalid("chunk-size", "Chunk size should be a 4-byte aligned number.")
	}
	if s.values.Text("format") != "uf2" {
		return 0, nil
	}
	if most := uf2.MaxChunk(!s.values.Flag("md5-disable")); n == 0 || n > uint64(most) {
		return 0, s.invalid("chunk-size", "a UF2 block has room for 4 to %d bytes here, not %d.", most, n)
	}
	return int(n), nil
}

func (s *session) mergeRaw(c *chip, parts []part, target uint64) error {
	var out bytes.Buffer
	pad := func(to uint64) error {
		if to > target+maxMerged {
			return cli.Fatalf("address %#x makes a raw file of more than 128 MB: use --target-offset, or --format hex", to)
		}
		if n := int64(to) - int64(target) - int64(out.Len()); n > 0 {
			out.Write(bytes.Repeat([]byte{0xFF}, int(n)))
		}
		return nil
	}
	for _, p := range parts {
		if err := pad(p.addr); err != nil {
			return err
		}
		data, err := s.apply(s.flashParams(), c, p.addr, p.data)
		if err != nil {
			return err
		}
		out.Write(data)
	}
	if size := s.values.Text("pad-to-size"); size != "" {
		if err := pad(sizeBytes(size)); err != nil {
			return err
		}
	}
	return s.finishMerge(out.Bytes(), fmt.Sprintf("ready to flash to offset %#x.", target))
}

func (s *session) mergeHex(c *chip, parts []part, target uint64) error {
	if len(parts) == 1 {
		s.env.Warn("Only one input file specified, output may include additional padding if input file was previously merged. " +
			"Please refer to the documentation for more information: " +
			"https://docs.espressif.com/projects/esptool/en/latest/esptool/basic-commands.html#hex-output-format")
	}
	var regions []ihex.Region
	for _, p := range parts {
		data, err := s.apply(s.flashParams(), c, p.addr, p.data)
		if err != nil {
			return err
		}
		regions = append(regions, ihex.Region{Address: uint32(p.addr), Data: data})
	}
	out, err := ihex.Write(regions)
	if err != nil {
		return cli.Fatalf("%v", err)
	}
	return s.finishMerge(out, fmt.Sprintf("ready to flash to offset %#x.", target))
}

func (s *session) mergeUF2(c *chip, parts []part, chunk int) error {
	w := uf2.Writer{Family: c.family, MD5: !s.values.Flag("md5-disable"), Chunk: chunk}
	var out []byte
	for _, p := range parts {
		s.env.Printf("Adding '%s' at %#x...\n", p.name, p.addr)
		data, err := s.apply(s.flashParams(), c, p.addr, p.data)
		if err != nil {
			return err
		}
		out = w.Append(out, uint32(p.addr), data)
	}
	return s.finishMerge(out, "ready to be flashed with any ESP USB Bridge.")
}

func (s *session) finishMerge(out []byte, use string) error {
	name := s.values.Text("output")
	if err := s.writeOutput(name, out); err != nil {
		return err
	}
	s.env.Printf("Wrote %#x bytes to file '%s', %s\n", len(out), name, use)
	return nil
}

// sizeBytes returns the bytes of a size such as 256KB or 4MB.
func sizeBytes(text string) uint64 {
	var n uint64
	_, _ = fmt.Sscanf(text, "%d", &n)
	if strings.Contains(text, "KB") {
		return n << 10
	}
	return n << 20
}
