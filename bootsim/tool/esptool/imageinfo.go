package esptool

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// imageInfo explains an image, or every part of an Intel HEX file.
func (s *session) imageInfo() error {
	name := s.values.Args[0]
	b, err := s.read(name)
	if err != nil {
		return s.invalid("FILENAME", "%s", err)
	}
	regions, err := hexRegions(name, b)
	if err != nil {
		return s.invalid("FILENAME", "%s", err)
	}
	var parts []part
	for _, r := range regions {
		parts = append(parts, part{addr: uint64(r.Address), data: r.Data})
	}
	if len(parts) > 1 {
		return s.partsInfo(parts)
	}
	if len(parts) == 1 {
		b = parts[0].data
	}
	return s.singleInfo(b)
}

func (s *session) singleInfo(b []byte) error {
	c, err := s.imageChip(b, s.givenChip())
	if err != nil {
		return err
	}
	s.env.Printf("Image size: %d bytes\n", len(b))
	if s.givenChip() == nil {
		s.env.Print("Detected image type: " + c.title)
	}
	return s.explain(c, b)
}

// partsInfo explains parts of a merged image; those that are no image are
// passed over.
func (s *session) partsInfo(parts []part) error {
	s.env.Print("Merged binary image detected. Processing each file individually.")
	given := s.givenChip()
	for i, p := range parts {
		line := fmt.Sprintf("Processing file %d/%d, offset: %#x, size: %d bytes", i+1, len(parts), p.addr, len(p.data))
		rule := strings.Repeat("=", len(line))
		s.env.Printf("\n%s\n%s\n%s\n", rule, line, rule)
		c, err := s.imageChip(p.data, given)
		if err != nil {
			_, _ = fmt.Fprintf(s.env.Stderr, "Error processing file %d/%d: %s\n"+
				"Probably not a valid firmware image (e.g. partition table).\n", i+1, len(parts), err)
			continue
		}
		if i == 0 && given == nil {
			s.env.Print("Detected image type: " + c.title)
			given = c
		}
		if err := s.explain(c, p.data); err != nil {
			return err
		}
	}
	return nil
}

// givenChip returns the chip of --chip, nil for any.
func (s *session) givenChip() *chip {
	return chipNamed(s.global.Text(optChip))
}

// imageChip returns the chip an image is for. Like the reference it takes an
// image that says nothing sensible for one of the ESP8266, and looks at the low
// byte of the id alone.
func (s *session) imageChip(b []byte, given *chip) (*chip, error) {
	if len(b) == 0 {
		return nil, cli.Fatalf("Image is empty.")
	}
	if b[0] != espimage.Magic && b[0] != magic8266 {
		return nil, cli.Fatalf("This is not a valid image (invalid magic number: %#x).", b[0])
	}
	if given != nil {
		return given, nil
	}
	extended := b[min(8, len(b)):min(espimage.HeaderSize, len(b))]
	if len(extended) == 0 {
		return nil, cli.Brokenf("the image is cut short: it ends after %d bytes", len(b))
	}
	if extended[len(extended)-1] <= 1 {
		id := 0
		if len(extended) > 4 {
			id = int(extended[4])
		}
		if c := chipWithID(id); c != nil {
			return c, nil
		}
	}
	return chipNamed("esp8266"), nil
}

// explain prints everything about an image.
func (s *session) explain(c *chip, b []byte) error {
	im, err := loadImage(c, b, s.env.Warn)
	if err != nil {
		return err
	}
	s.printHeader(im)
	if c.id != noID {
		s.printExtended(im)
	}
	s.env.Print()
	s.printSegments(im)
	s.env.Print()
	s.printFooter(im)
	s.printDescriptor(im)
	return nil
}

// title prints a heading.
func (s *session) title(text string) {
	s.env.Print(text)
	s.env.Print(strings.Repeat("=", len(text)))
}
