package input

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Marks of images.
const (
	magicESP8266 = 0xEA // second version of that chip's images
	loaderStart  = 0x40078000
	loaderEnd    = 0x40080000
)

// classify tells what image b starts with, from its segments as far as b holds
// their headers. ok is false if it starts with none.
func classify(b []byte, size int64) (c content, ok bool) {
	if len(b) < espimage.HeaderSize+8 {
		return content{}, false
	}
	chip := chipName(b)
	switch {
	case b[0] == magicESP8266 && chip == "ESP8266":
		return content{kind: kindApp, chip: chip}, true
	case b[0] != espimage.Magic || b[1] == 0 || b[1] > 32:
		return content{}, false
	case chip != "":
		return content{kind: foreignKind(b, size), chip: chip}, true
	}
	k := segmentKind(b)
	return content{kind: k}, k != kindOther
}

// foreignKind tells bootloaders from applications without the memory map.
func foreignKind(b []byte, size int64) kind {
	if _, app := espimage.DecodeAppDesc(b); !app && size < defaultApp {
		return kindBootloader
	}
	return kindApp
}

// segmentKind goes through the segments of an ESP32 image: code for the
// bootloader's own IRAM makes a bootloader (spec 3.3), flash-mapped segments
// make an application.
func segmentKind(b []byte) kind {
	at, known := uint64(espimage.HeaderSize), false
	for n := int(b[1]); n > 0; n-- {
		if at+8 > uint64(len(b)) {
			return cutKind(b, known)
		}
		load := binary.LittleEndian.Uint32(b[at:])
		switch {
		case load >= loaderStart && load < loaderEnd:
			return kindBootloader
		case espimage.ClassOf(load).Mapped():
			return kindApp
		case load >= 0x10000000 && !espimage.ClassOf(load).Loaded():
			return cutKind(b, known)
		}
		known = true
		at += 8 + uint64(binary.LittleEndian.Uint32(b[at+4:]))
	}
	return kindRAM
}

// cutKind judges an image whose segments cannot be followed to the end.
func cutKind(b []byte, known bool) kind {
	if _, ok := espimage.DecodeAppDesc(b); ok {
		return kindApp
	}
	if known {
		return kindRAM
	}
	return kindOther
}

// chipOf returns the chip of an image header's id (esptool/targets@v5.3.1);
// empty for the ESP32 and for ids that are not given out.
func chipOf(id uint16) string {
	switch id {
	case 2:
		return "ESP32-S2"
	case 5:
		return "ESP32-C3"
	case 9:
		return "ESP32-S3"
	case 12:
		return "ESP32-C2"
	case 13:
		return "ESP32-C6"
	case 16:
		return "ESP32-H2"
	case 18:
		return "ESP32-P4"
	case 20:
		return "ESP32-C61"
	case 23:
		return "ESP32-C5"
	case 25:
		return "ESP32-H21"
	case 28:
		return "ESP32-H4"
	case 31:
		return "ESP32-E22"
	case 32:
		return "ESP32-S31"
	}
	return ""
}

// familyName returns the chip of a UF2 family (esptool/targets@v5.3.1).
func familyName(family uint32) string {
	switch family {
	case 0x7EAB61ED:
		return "ESP8266"
	case 0xBFDD4EEE:
		return "ESP32-S2"
	case 0xC47E5767:
		return "ESP32-S3"
	case 0xD42BA06C:
		return "ESP32-C3"
	case 0x2B88D29C:
		return "ESP32-C2"
	case 0x540DDF62:
		return "ESP32-C6"
	case 0x332726F6:
		return "ESP32-H2"
	case 0x3D308E94:
		return "ESP32-P4"
	case 0xF71C0343:
		return "ESP32-C5"
	case 0x77D850C4:
		return "ESP32-C61"
	}
	return ""
}
