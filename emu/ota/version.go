package ota

import (
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// change is a difference between versions of components/app_update and of the
// flash driver below it.
type change uint8

const (
	hasStates        change = iota // entries have states; mark valid and invalid exist
	erasesWhole                    // begin erases one sector more than needed where the size is a multiple of one
	erasesBlocksLate               // the driver erases by blocks only while more than one is left
	sequential                     // OTA_WITH_SEQUENTIAL_WRITES exists
	invalidates                    // begin erases the otadata entry that is not in use, if built with rollback
	changes
)

// changeRanges tells in which versions each holds (git tags in esp-idf:
// components/app_update/esp_ota_ops.c, components/spi_flash).
var changeRanges = [changes]idf.Range{
	hasStates:        idf.Between("3.3-beta1", ""),
	erasesWhole:      idf.Between("", "3.3.3 4.0.1"),
	erasesBlocksLate: idf.Between("", "4.0"),
	sequential:       idf.Between("4.3", ""),
	invalidates:      idf.Between("5.5", ""),
}

func (c *Component) has(ch change) bool { return changeRanges[ch].Includes(c.IDF) }

// era is the set of rules by which the application reads otadata.
func (c *Component) era() otadata.Era {
	if c.has(hasStates) {
		return otadata.EraState
	}
	return otadata.EraLabel
}

// profile is what the application verifies images by. On a device with Secure
// Boot V2 it is built with that, and asks for a signature by the key whose digest
// is in BLOCK2 (CONFIG_SECURE_SIGNED_ON_UPDATE, which Secure Boot selects). The
// public key that an application of scheme V1 embeds is not known: its signature
// is not looked at.
func (c *Component) profile() *bootloader.Profile {
	if c.verifier == nil {
		p := bootloader.ForVersion(c.IDF)
		p.LogLevel = bootloader.LogNone
		if c.Device.Efuses.AbsDone1() {
			p.SecureBoot, p.SignedApps = bootloader.SecureBootV2, bootloader.SecureBootV2
		}
		c.verifier = &p
	}
	return c.verifier
}
