package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// endedInside explains boots that crash in the bootloader while it loads or
// starts an app.
func endedInside(c *Context, t *parttable.Table) *bootsim.Finding {
	switch c.Outcome.End {
	case emu.EndAbort, emu.EndException, emu.EndHang:
	default:
		return nil
	}
	row, ok := slotOf(t, loadingSlot(c))
	if !ok {
		return nil
	}
	if r := c.refusal(emu.ReasonSecureBoot); r != nil {
		return ptr(enablingRefused(c, row.Name(), r))
	}
	if f := misread(c, appRegion(row)); f != nil {
		return f
	}
	return ptr(crash(c, row).at(row.Offset).partition(row.Name()).console().done())
}

// loadingSlot is the slot in which the boot ended: the refusal that names it,
// or else the one that should have booted.
func loadingSlot(c *Context) int {
	if r := c.refusal(emu.ReasonNoMapping, emu.ReasonException); r != nil {
		return r.Slot
	}
	if c.Want.Slot == emu.SlotNone && c.Outcome.Selection.Made {
		return c.Outcome.Selection.Slot
	}
	return c.Want.Slot
}

func crash(c *Context, row parttable.Entry) *builder {
	im, _ := espimage.Parse(flashContent(c, appRegion(row)))
	switch c.Outcome.End {
	case emu.EndHang:
		return c.find("app-overlaps-bootloader", "loading the app in %s overwrites the running bootloader%s", row.Name(), segmentsText(im, overBootloader))
	case emu.EndException:
		return c.find("app-bad-load-address", "loading the app in %s crashes the bootloader%s", row.Name(), segmentsText(im, nowhere))
	}
	if c.refusal(emu.ReasonNoMapping) == nil {
		return asserted(c, row, im)
	}
	return c.find("app-no-mapping", "the app in %s has nothing to map into %s: the bootloader aborts", row.Name(), missingMaps(im))
}

// asserted explains the bootloader's own assertions on an app that it loads: a
// segment that is empty or runs over the end of the address space, or an app
// description that is none.
func asserted(c *Context, row parttable.Entry, im *espimage.Image) *builder {
	if blame := segmentsText(im, endsBefore); blame != "" {
		return c.find("app-bad-load-address", "a segment of the app in %s ends before it begins, and the bootloader aborts%s", row.Name(), blame)
	}
	if i := emptySegment(im); i >= 0 && c.says("bootloader_util_regions_overlap") {
		return c.find("app-bad-load-address", "segment %d of the app in %s, for 0x%08x, is empty, and the bootloader aborts", i, row.Name(), im.Segments[i].LoadAddr)
	}
	if im != nil && im.App == nil && c.says("process_esp_app_desc_data") {
		return c.find("app-without-descriptor", "the bootloader compares the app's secure_version, and the app in %s has no descriptor", row.Name())
	}
	return c.find("boot-fails", "the bootloader aborts while it starts the app in %s", row.Name())
}

// emptySegment returns the first segment that is loaded and has no bytes, or -1.
// Bootloaders before v3.3.6 and of v4.0 insist that a segment ends behind its start.
func emptySegment(im *espimage.Image) int {
	if im == nil {
		return -1
	}
	return slices.IndexFunc(im.Segments, func(s espimage.Segment) bool {
		class := espimage.ClassOf(s.LoadAddr)
		return s.Length == 0 && class != espimage.ClassDROM && class != espimage.ClassIROM
	})
}

// endsBefore tells whether a segment's end is no higher than its start, as
// bootloaders compare addresses: with a sign.
func endsBefore(s espimage.Segment) bool {
	end := s.LoadAddr + s.Length
	return espimage.ClassOf(s.LoadAddr) == espimage.ClassNone && int32(end) <= int32(s.LoadAddr)
}

// says tells whether a console line contains a text.
func (c *Context) says(text string) bool {
	for _, l := range c.Outcome.Log {
		if strings.Contains(l.Text, text) {
			return true
		}
	}
	return false
}

// overBootloader tells whether a segment lies where bootloaders have their
// data, their stack or their loader.
func overBootloader(s espimage.Segment) bool {
	end := s.LoadAddr + s.Length
	return s.LoadAddr >= espimage.DRAMStart && end > 0x3FFE3000 && s.LoadAddr < espimage.DRAMEnd ||
		espimage.ClassOf(s.LoadAddr) == espimage.ClassLoaderIRAM
}

func nowhere(s espimage.Segment) bool { return espimage.ClassOf(s.LoadAddr) == espimage.ClassNone }

// segmentsText lists the segments that are to blame.
func segmentsText(im *espimage.Image, blame func(espimage.Segment) bool) string {
	if im == nil {
		return ""
	}
	var out []string
	for i, s := range im.Segments {
		if s.Length > 0 && blame(s) {
			out = append(out, fmt.Sprintf("segment %d for 0x%08x, 0x%x bytes", i, s.LoadAddr, s.Length))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return ": " + strings.Join(out, "; ")
}

// missingMaps names the kinds of mapped segment that an image has not.
func missingMaps(im *espimage.Image) string {
	have := map[espimage.Class]bool{}
	if im != nil {
		for _, s := range im.Segments {
			have[espimage.ClassOf(s.LoadAddr)] = true
		}
	}
	var out []string
	for _, c := range []espimage.Class{espimage.ClassDROM, espimage.ClassIROM} {
		if !have[c] {
			out = append(out, c.String())
		}
	}
	return strings.Join(out, " and ")
}
