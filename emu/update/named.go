package update

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/emu/idf"
)

// Kind is an updater that ships, by name.
type Kind struct {
	Name  string
	About string
	// Slots is how many OTA slots the table needs at least.
	Slots int
	// Back tells that the old application has to run in the end.
	Back bool
	// Brings tells that a new application is installed.
	Brings bool
	// Raw tells that it wants ciphertext that the host made where flash
	// encryption is on.
	Raw bool
	// RollsBack tells that it makes no sense without
	// CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE, which it therefore implies.
	RollsBack bool
	// ToFactory tells that the factory application is what it brings back.
	ToFactory bool
	// Fresh tells that it begins with the device as the factory left it, before
	// its first boot.
	Fresh bool
	make  func(Options) Updater
}

// Kinds lists the updaters that ship.
func Kinds() []Kind {
	return []Kind{
		{Name: "esp-ota", About: "esp_ota_begin, write, end, set_boot_partition; the new app confirms itself", Slots: 1, Brings: true, make: ESPOTA},
		{Name: "mark-invalid", About: "esp-ota with an app that finds itself faulty and rolls back", Slots: 2, Back: true, Brings: true, RollsBack: true, make: MarkInvalid},
		{Name: "crash", About: "esp-ota with an app that resets before it confirms itself", Slots: 2, Back: true, Brings: true, RollsBack: true, make: Crash},
		{Name: "sd-card", About: "the factory app writes host-made ciphertext raw to the only slot, otadata encrypted", Slots: 1, Brings: true, Raw: true, make: SDCard},
		{Name: "sd-card-raw-otadata", About: "sd-card with the mistake of writing otadata raw too", Slots: 1, Brings: true, Raw: true, make: func(o Options) Updater {
			o.RawOTAData = true
			return SDCard(o)
		}},
		{Name: "server-slot", About: "the server sends the ciphertext for the slot that the device names", Slots: 2, Brings: true, Raw: true, make: ServerSlot},
		{Name: "bundle", About: "one file holds the ciphertext for every slot", Slots: 2, Brings: true, Raw: true, make: Bundle},
		{Name: "staging", About: "ota_1 stages the ciphertext, boots, and copies itself to ota_0, encrypting in place", Slots: 2, Brings: true, Raw: true, make: Staging},
		{Name: "idle", About: "no update: what the bootloader writes by itself", Back: true, make: Idle},
		{Name: "first-boot", About: "the first boot from the factory: otadata, flash encryption and its eFuses", Back: true, Fresh: true, make: Idle},
		{Name: "factory-reset", About: "erases otadata, so that the factory app runs", Slots: 1, ToFactory: true, make: FactoryReset},
		{Name: "replace-table", About: "writes a new partition table over the one in use", Back: true, make: ReplaceTable},
		{Name: "replace-bootloader", About: "writes a new bootloader over the one in use", Back: true, make: ReplaceBootloader},
	}
}

// NameError is an updater or an option that does not exist.
type NameError struct{ What, Name, Have string }

// Error lists what exists.
func (e *NameError) Error() string {
	return fmt.Sprintf("there is no %s %q: use %s", e.What, e.Name, e.Have)
}

// Named returns an updater by name and options: "esp-ota,idf=v5.5.5,rollback".
// The options are rollback, anti-rollback, sequential, shy, and idf=VERSION,
// the version that the applications were built with; without it they are built
// with def. The error is a *NameError or an *idf.ParseError.
func Named(spec string, def idf.Version) (Updater, Kind, Options, error) {
	name, rest, _ := strings.Cut(spec, ",")
	o := Options{IDF: def}
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
		if k.Name != name {
			continue
		}
		err := o.parse(rest)
		o.Rollback = o.Rollback || k.RollsBack
		return k.make(o), k, o, err
	}
	return nil, Kind{}, o, &NameError{"updater", name, strings.Join(names, ", ")}
}

// parse reads options separated by commas.
func (o *Options) parse(list string) error {
	if list == "" {
		return nil
	}
	for _, word := range strings.Split(list, ",") {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "rollback":
			o.Rollback = true
		case "anti-rollback":
			o.Rollback, o.AntiRollback = true, true
		case "sequential":
			o.Sequential = true
		case "shy":
			o.Shy = true
		case "idf":
			v, err := idf.Parse(value)
			if err != nil {
				return err
			}
			o.IDF = v
		default:
			return &NameError{"option of an updater", name, "rollback, anti-rollback, sequential, shy or idf=VERSION"}
		}
	}
	return nil
}

// Spec writes options so that Named reads them.
func (o Options) Spec(name string) string {
	words := []string{name, "idf=" + o.IDF.String()}
	for _, f := range []struct {
		on   bool
		word string
	}{
		{o.Rollback && !o.AntiRollback, "rollback"}, {o.AntiRollback, "anti-rollback"},
		{o.Sequential, "sequential"}, {o.Shy, "shy"},
	} {
		if f.on {
			words = append(words, f.word)
		}
	}
	return strings.Join(words, ",")
}
