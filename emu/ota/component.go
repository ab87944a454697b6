package ota

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Component is components/app_update of one version of ESP-IDF, linked into the
// application that runs: every call leaves in flash and eFuses what the real
// one leaves, in the same order (spec 5; esp_ota_ops.c at the version's tag).
type Component struct {
	App
	IDF          idf.Version
	Running      int  // slot of the running application
	AntiRollback bool // CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK
	// OnRead is asked before every read of flash; an error makes it fail. Nil
	// lets every read through.
	OnRead func() error
	// Verifier may know without a look what the version's esp_image_verify says;
	// nil looks at the image.
	Verifier func(version string, offset, size uint32, look func() bool) bool

	// Sums may know checksums and hashes of images; nil knows none.
	Sums *recall.Sums

	verifier *bootloader.Profile
}

// NewComponent returns the component that runs on a device. The table is the
// one that the application reads.
func NewComponent(d *emu.Device, table *parttable.Table, v idf.Version, running int) *Component {
	c := &Component{App: App{Device: d, Table: table}, IDF: v, Running: running}
	c.Era = c.era()
	return c
}

// Errors of the component that a caller branches on, named as esp_ota_ops.h
// names them.
var (
	ErrValidateFailed = errors.New("ESP_ERR_OTA_VALIDATE_FAILED: the partition holds no image that would start")
	ErrUnconfirmed    = errors.New("ESP_ERR_OTA_ROLLBACK_INVALID_STATE: the running app has not confirmed itself")
	ErrRollbackFailed = errors.New("ESP_ERR_OTA_ROLLBACK_FAILED: no other app could run")
	ErrSecureVersion  = errors.New("ESP_ERR_OTA_SMALL_SEC_VER: the app's secure_version is below the eFuses'")
	ErrNothingToErase = errors.New("ESP_FAIL: there is no other entry to erase")
)

// OTAData is the partition of the entries. A table without one is a *SlotError.
func (c *Component) OTAData() (parttable.Entry, error) {
	e, ok := c.Table.OTAData()
	if !ok {
		return e, &SlotError{Slot: "otadata", Reason: "the table has no otadata partition: an update cannot be selected"}
	}
	return e, nil
}

// read asks whether flash can be read.
func (c *Component) read() error {
	if c.OnRead == nil {
		return nil
	}
	return c.OnRead()
}

// pair is read_otadata.
func (c *Component) pair() (otadata.Pair, parttable.Entry, error) {
	row, err := c.OTAData()
	if err != nil {
		return otadata.Pair{}, row, err
	}
	if err := c.read(); err != nil {
		return otadata.Pair{}, row, err
	}
	return ReadPair(c.Device, row), row, nil
}

// Verify is esp_image_verify of a whole partition: nil, ErrValidateFailed, or
// the error of the read.
func (c *Component) Verify(p parttable.Entry) error {
	if err := c.read(); err != nil {
		return err
	}
	look := func() bool { return bootloader.VerifyImage(c.Device, c.profile(), p.Offset, p.Size, c.Sums) }
	valid := false
	if c.Verifier != nil {
		valid = c.Verifier(c.IDF.String(), p.Offset, p.Size, look)
	} else {
		valid = look()
	}
	if !valid {
		return fmt.Errorf("partition %s: %w", p.Name(), ErrValidateFailed)
	}
	return nil
}

// Description is esp_ota_get_partition_description; nil where there is none.
func (c *Component) Description(p parttable.Entry) (*espimage.AppDesc, error) {
	if err := c.read(); err != nil {
		return nil, err
	}
	var head [espimage.DescOffset + espimage.AppDescSize]byte
	c.Device.Cached().Read(p.Offset, head[:])
	desc, _ := espimage.DecodeAppDesc(head[:])
	return desc, nil
}
