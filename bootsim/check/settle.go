package check

import "github.com/bootsim/bootsim/bootsim"

// Settle puts a lot's device together as Build does and, where flash
// encryption is still off, lets it boot as flashed: a bootloader that encrypts
// on first boot leaves a device that decrypts. Updates meet it in that state.
// A device that cannot be booted is returned as the factory leaves it.
func Settle(lot *bootsim.Lot, e Engine) (*Factory, error) {
	f, err := Build(lot)
	if err != nil || f.Device.Efuses.FlashEncryption() {
		return f, err
	}
	vs, _, err := e.Variants(lot, f.Device, false)
	if err != nil || len(vs) == 0 {
		return f, nil
	}
	if b := boot(vs[0], f.Device.Fork()); b.device.Efuses.FlashEncryption() {
		f.Device = b.device
	}
	return f, nil
}
