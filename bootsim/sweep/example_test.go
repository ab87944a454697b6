package sweep_test

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/fixtures/toy"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// hasty is an updater of one's own: two methods. It selects the other slot
// before it has written it.
type hasty struct{}

func (hasty) Name() string { return "hasty" }

// Run is called after every boot, for whichever application was started.
func (hasty) Run(d *update.Device) error {
	if d.UpToDate {
		return nil
	}
	slot := 1 - d.Running.Slot
	entry := otadata.New(uint32(slot)+1, otadata.StateUndefined).Encode()
	image := d.Offer.Files[0].Data
	for _, step := range []func() error{
		func() error { return d.Erase(0xE000, 0x1000) },
		func() error { return d.Write(0xE000, entry[:]) },
		func() error { return d.Erase(toy.SlotAddress(slot), toy.SlotSize) },
		func() error { return d.Write(toy.SlotAddress(slot), image) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return update.ErrRestart
}

// Any updater can be swept, on any device, with any bootloader.
func Example() {
	result, err := sweep.Run(toy.Scenario(toy.Bootloader{}, hasty{}, 1), sweep.Options{})
	if err != nil {
		panic(err)
	}
	v := result.Verdict(sweep.Boots)
	fmt.Println(v.Title+":", v.Answer)
	for _, line := range v.Counter.Story {
		fmt.Println(line)
	}
	// Output:
	// some application boots: violated
	// boots the old app 1.0 from ota_0 (0x00010000)
	// boot 1, app in ota_0, step 3: erase 4 KiB at 0x00021000 (ota_1): the power is lost before it began
	//     0x00021000 then holds dc501eaf0f1e96285a9628cd05550064…
	// then boots nothing: the bootloader hangs
	// the device is dead: switching it off and on changes nothing
}
