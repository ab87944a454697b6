package check

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
)

// Addresses that the ROM fixes (spec 0, fact 1).
const (
	bootloaderAddress  = 0x1000
	defaultTableOffset = 0x8000
)

// Factory is a device as it leaves the factory, and what had to be assumed to build it.
type Factory struct {
	Device *emu.Device
	Lot    *bootsim.Lot
	// TableOffset is where the partition table lies: TableOffset of the lot.
	TableOffset uint32
	Assumed     []string
}

// Build puts a lot's device together: chip, eFuses, and flash as the factory
// writes it. What the lot does not state is assumed and said so.
func Build(lot *bootsim.Lot) (*Factory, error) { return build(lot, nil) }

// build is Build with a stock that the lot's files may lie in.
func build(lot *bootsim.Lot, stock *flashmodel.Stock) (*Factory, error) {
	f := &Factory{Lot: lot, TableOffset: TableOffset(lot), Assumed: append([]string(nil), lot.Assumed...)}
	size, err := f.flashSize()
	if err != nil {
		return nil, err
	}
	flash, err := flashmodel.New(size)
	if err != nil {
		return nil, fmt.Errorf("lot %s: %w", lot.Name, err)
	}
	flash.Supply(stock)
	rev := f.revision()
	f.Device = &emu.Device{
		Flash: flash, Efuses: f.efuses(rev), ROM: f.rom(rev),
		APBRevision: rev.Major >= 3, Cause: emu.ResetPowerOn,
		Crystal: lot.Crystal,
	}
	if err := f.fillKey(); err != nil {
		return nil, err
	}
	if err := f.fillBootKey(); err != nil {
		return nil, err
	}
	return f, f.place()
}

func (f *Factory) assume(format string, args ...any) {
	f.Assumed = append(f.Assumed, fmt.Sprintf(format, args...))
}

// place writes the contents as the factory's flasher does.
func (f *Factory) place() error {
	cipher := f.Device.Cipher()
	for _, p := range f.Lot.Contents {
		data := p.Data
		if p.Form == bootsim.FormEncrypted && cipher != nil {
			data = make([]byte, (len(p.Data)+15)&^15)
			n := copy(data, p.Data)
			for i := n; i < len(data); i++ {
				data[i] = 0xFF
			}
			if err := cipher.Encrypt(p.Address, data, data); err != nil {
				return fmt.Errorf("%s: %w", p.File, err)
			}
		}
		if err := f.Device.Flash.Place(p.Address, data); err != nil {
			return fmt.Errorf("%s: %w", p.File, err)
		}
	}
	return nil
}
