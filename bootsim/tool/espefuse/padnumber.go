package espefuse

import (
	"math/big"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// padNumber returns the bits for a GPIO: 30 and 31 do not exist, and their
// values stand for 32 and 33. ok is false for a pin that cannot be meant.
func padNumber(pin *big.Int) (value *big.Int, ok bool) {
	switch {
	case !pin.IsInt64() && pin.Sign() > 0 || pin.Int64() > 33 || pin.Int64() == 30 || pin.Int64() == 31:
		return pin, false
	case pin.Int64() == 32 || pin.Int64() == 33:
		return big.NewInt(pin.Int64() - 2), true
	}
	return pin, true
}

func padError(f efuse.Field, pin *big.Int, ok bool) error {
	switch {
	case !ok && pin.IsInt64() && pin.Int64() <= 31:
		return cli.Fatalf("IO pins 30 & 31 cannot be set for SPI flash. 0-29, 32 & 33 only.")
	case !ok:
		return cli.Fatalf("IO pin %s cannot be set for SPI flash. 0-29, 32 & 33 only.", pin)
	case pin.Sign() == 0:
		return zeroError(f)
	}
	return nil
}
