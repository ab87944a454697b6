package fuzz

import (
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

func (s *Subject) read(from interface{ Read(uint32, []byte) }, p part) []byte {
	b := make([]byte, p.size)
	from.Read(p.at, b)
	return b
}

// takeApart finds the structures in flash.
func (s *Subject) takeApart() {
	s.image("bootloader", partBootloader, bootloader.ImageAddress, s.Profile.TableOffset-bootloader.ImageAddress, parttable.Entry{})
	s.digestSector()
	at := s.Profile.TableOffset
	s.parts = append(s.parts, part{name: "table", kind: partTable, at: at, size: parttable.MaxLength})
	b := make([]byte, parttable.MaxLength)
	s.Device.Cached().Read(at, b)
	t, err := parttable.Decode(b)
	if err != nil {
		return
	}
	s.table = t
	for _, e := range t.Entries {
		switch {
		case e.Offset >= s.Device.Flash.Size():
		case e.Type == parttable.TypeApp:
			s.image(e.Name(), partApp, e.Offset, min(e.Size, s.Device.Flash.Size()-e.Offset), e)
		case e.Is(parttable.TypeData, parttable.SubtypeOTAData):
			s.parts = append(s.parts, part{name: e.Name(), kind: partOTAData, at: e.Offset, size: otadata.Size, row: e})
		default:
			s.parts = append(s.parts, part{name: e.Name(), kind: partData, at: e.Offset, size: e.Size, row: e})
		}
	}
}

// image adds a part that holds an image, if it does.
func (s *Subject) image(name string, kind partKind, at, size uint32, row parttable.Entry) {
	if im, _ := imageAt(s.Device.Cached(), at, size); im != nil {
		s.parts = append(s.parts, s.withSignature(part{name: name, kind: kind, at: at, size: im.Length, image: im, row: row}, size))
	}
}
