package report

import "github.com/bootsim/bootsim/bootsim"

// sample is a report with everything that a report can have: a lot of each
// verdict, findings of each severity, with and without a file, a partition, a
// scenario, and one that belongs to no lot.
func sample() *bootsim.Report {
	r := &bootsim.Report{
		Schema: SchemaID, Tool: "bootsim v1.2.3", Verdict: bootsim.Fail,
		Lots: []bootsim.LotReport{failing(), passing(), unknown()},
	}
	for _, l := range r.Lots {
		r.Findings = append(r.Findings, l.Findings...)
	}
	r.Findings = append(r.Findings, bootsim.Finding{
		Rule: "release-no-artifact", Severity: bootsim.Warning, Release: "2.1",
		Message: "Release 2.1 has no artifact for any lot.",
		Remedy:  "Name the lots under \"artifacts\", or remove the release.",
	})
	return r
}

func failing() bootsim.LotReport {
	at := uint32(0x60000)
	return bootsim.LotReport{
		Name: "lot-one", Source: "factory/bootsim.yaml", Verdict: bootsim.Fail,
		Assumed: []string{"chip revision v1.0 (\"chip_revision\" states it)"},
		Scenarios: []bootsim.Scenario{
			{
				Name: "as flashed", Verdict: bootsim.Pass, Expect: "factory at 0x00010000",
				Boots: &bootsim.Boots{Label: "factory", Offset: 0x10000, Version: "1.2.3", Project: "meter", IDF: "v3.1"},
				Log:   []string{"rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)", "I (*) boot: Loaded app from partition at offset 0x10000"},
			},
			{
				Name: "2.0 over factory, otadata empty", Release: "2.0", Verdict: bootsim.Fail, Expect: "ota_0 at 0x00060000, version 2.0",
				Boots: &bootsim.Boots{Label: "factory", Offset: 0x10000, Version: "1.2.3", Project: "meter", IDF: "v3.1"},
				Log: []string{
					"E (*) esp_image: image at 0x60000 has invalid magic byte",
					"W (*) boot: OTA app partition slot 0 is not bootable",
				},
			},
			{Name: "2.0 over factory, otadata valid", Release: "2.0", Verdict: bootsim.Fail, Expect: "ota_0", Log: []string{}},
		},
		Findings: []bootsim.Finding{
			{
				Rule: "wrong-address", Severity: bootsim.Error, Lot: "lot-one", Release: "2.0",
				Scenario: "2.0 over factory, otadata empty", File: "releases/2.0/app encrypted.bin", Partition: "ota_0", Offset: &at,
				Message: "The image was encrypted for 0x00010000 and is installed at 0x00060000: flash encryption ties ciphertext to its address, so the bootloader sees noise where it looks for the image's magic byte.",
				Remedy:  "Encrypt it once more for this slot: `espsecure.py encrypt_flash_data --keyfile KEY --address 0x60000 -o app-0x60000.bin app.bin`,\nand install that file.",
				Evidence: []string{
					"0x00060000: 3f 91 07 aa  as the cache shows it, expected e9",
					"decrypted for 0x00010000 it starts with e9 06 02 20",
				},
			},
			{
				Rule: "otadata-not-encrypted", Severity: bootsim.Warning, Lot: "lot-one", Partition: "otadata",
				Message: "Erased otadata reads as noise on a device with flash encryption.",
				Remedy:  "Flash 0x2000 bytes of 0xFF encrypted to it.", DependsOn: "rollback enabled in the bootloader",
			},
		},
	}
}

func passing() bootsim.LotReport {
	addr := uint32(0x1000)
	return bootsim.LotReport{
		Name: "lot-two", Source: "factory/bootsim.yaml", Verdict: bootsim.Pass,
		Scenarios: []bootsim.Scenario{{
			Name: "as flashed", Verdict: bootsim.Pass,
			Boots: &bootsim.Boots{Label: "ota_0", Offset: 0x10000}, Log: []string{"I (*) boot: start"},
		}},
		Findings: []bootsim.Finding{{
			Rule: "flash-size-under-chip", Severity: bootsim.Note, Lot: "lot-two", Offset: &addr,
			Message: "The bootloader's header says 4MB, the chip has 8MB.", Remedy: "Nothing, unless the upper half is needed.",
		}},
	}
}

// unknown has a scenario without a verdict and a failed one that no finding explains.
func unknown() bootsim.LotReport {
	return bootsim.LotReport{
		Name: "lot-three", Verdict: bootsim.NotModelled,
		Scenarios: []bootsim.Scenario{
			{Name: "as flashed", Verdict: bootsim.NotModelled, Expect: "factory", Log: []string{"rst:0x1 (POWERON_RESET)"}},
		},
	}
}
