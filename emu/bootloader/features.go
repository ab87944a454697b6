package bootloader

import (
	"sync"

	"github.com/bootsim/bootsim/emu/idf"
)

// feature is a behaviour that some versions have and others have not.
type feature uint8

// The behaviours, in the order of a boot.
const (
	featEarlyInit           feature = iota // own header and revision are looked at before the banner
	featOwnHeaderLate                      // own header is read after the quad mode was set up
	featBannerFirst                        // the banner comes before anything else
	featRevisionTwoPart                    // chip revision is printed as v%d.%d
	featRevisionThreeDigits                // chip revision is printed as V%03d
	featChipIDs                            // chip id and lowest revision of images are checked
	featResets                             // a hopeless boot ends in a reset, not in a return to ROM
	featLargeSizeTexts                     // flash size nibbles 5 to 7 are known
	featTableMD5                           // MD5 row of the partition table
	featTableNotEmpty                      // a table without rows is an error
	featTableNoWrap                        // offset+size of a row cannot wrap around
	featUsageNVSKeys                       // usage "NVS keys"
	featUsageEfuse                         // usage "efuse"
	featUsageBoot                          // usages of partition types 2 and 3
	featUsageRecovery                      // usage "recovery bootloader"
	featCountsApps                         // no OTA row counts like erased otadata
	featStates                             // otadata entries have a state
	featWritesOTAData                      // the bootloader may write otadata
	featFillsLabel                         // the entry it writes has its label erased
	featTestNeedsVersion                   // anti-rollback looks at the test app too
	featMapsDescription                    // the app description is read through a map of the whole partition
	featRechecksVersion                    // secure_version is compared again after loading
	featTwoSectorMinimum                   // "minimum 8192 bytes"
	featStopsAtMagic                       // an image without magic byte is not looked at further
	featSPIWarnings                        // odd SPI fields of an image are worth a warning
	featValidityLate                       // chip id and revision come after those warnings, and need the magic byte
	featRevisionFull                       // revisions compare as major*100+minor
	featRevisionMax                        // images state a highest revision
	featChunkedMap                         // segments of more than 50 pages are read piece by piece
	featStackLimit                         // load check: stack, signed, and loader IRAM
	featStackLimitDRAM                     // … below 0x40000000 instead of 0x3ffffffc
	featLoadChecks                         // load check: whole memory map
	featInclusiveEnd                       // … with ends taken as inclusive
	featInvertedDIRAM                      // … knowing that D/IRAM is reversed on the instruction bus
	featDIRAMFull                          // … with D/IRAM ending at its end
	featDRAMLow                            // … with DRAM beginning at 0x3ffae000
	featIRAMHigh                           // … with IRAM ending at 0x400aa000
	featOverlapAsserts                     // overlap of an empty range is an assertion
	featSkipsOwnLength                     // length of a bootloader image is not checked
	featSignatureLength                    // the signature counts to the length
	featMapNames                           // DROM and IROM are called by their right names
	featBusAsserts                         // mapping without DROM or IROM segment is an assertion
	featBusAssertText                      // … which says where, and does not only abort
	featMMULog                             // mapping is logged by virtual address
	featReadForgets                        // every word that is read is mapped anew
	featDigestCopy                         // the appended hash is read once more after verification
	featFullHash                           // hashes are printed in full
	featPagesByAddress                     // pages to map are counted from the page boundary
	featPinsNotOnWake                      // pins are not looked at after deep sleep
	featEfuseBatch                         // flash encryption burns its eFuses in batches
	featEncryptInit                        // … in a key phase, a content phase and an enabling phase
	featSmallDRAM                          // bootloader data ends at 0x3fff6000
	featReadsHashEarly                     // the appended hash is read before the length is checked
	featKnowsBootloaders                   // an image at 0x1000 is checked as a bootloader
	featSkipsRTCData                       // RTC fast memory counts by its data address too
	featCount7                             // FLASH_CRYPT_CNT is taken as 7 bits, not 8
	featCountFull                          // permanent encryption sets FLASH_CRYPT_CNT to its maximum
	featCountProtect                       // … or write-protects it, where featCountFull is missing
	featCoding34Refused                    // flash encryption refuses the 3/4 coding scheme
	featCodingChecked                      // … and unknown ones
	featBurnsTogether                      // the eFuses of flash encryption are burnt at once
	featNeedsOwnImage                      // flash encryption fails without a valid bootloader at 0x1000
	featEncryptsKeys                       // rows of subtype nvs_keys are always encrypted
	featEncryptsTables                     // rows of bootloader and table type are encrypted
	featProtectsCacheBit                   // flash encryption write-protects the eFuse that disables the cache
	featVerifiesBurns                      // burnt eFuses are read back and reported
	featDescriptor                         // the image carries a bootloader descriptor
	featDigestFirst                        // Secure Boot V1 writes its digest before flash encryption, and is enabled after it
	featDigestNoHash                       // the digest of Secure Boot V1 leaves out the appended hash
	featTagByScheme                        // Secure Boot logs under its scheme's tag
	featBootBurnsTogether                  // Secure Boot V1 burns protection and ABS_DONE_0 at once
	featFusesTrusted                       // a digest in BLOCK2 is trusted before ABS_DONE_1 is burnt
	featDigestBlockRead                    // before that, a signature by another key than BLOCK2's is refused
	featPreloadedRead                      // enabling Secure Boot V2 takes a digest from BLOCK2
	featSchemeChecked                      // signature blocks of another scheme are refused
	featSignatureGrows                     // the signature of scheme V1 counts to a verified app's length
	featDebuggerSkips                      // with a debugger, apps of builds without secure boot need no signature
	featSignedBatch                        // Secure Boot V2 burns its eFuses in a batch
	numFeatures
)

// featureChanges says from and until which versions bootloaders behave so, as
// [idf.Between] reads it. Found by walking the history of
// components/bootloader_support and its neighbours on the main branch and on
// every release branch.
var featureChanges = [numFeatures]struct{ from, until string }{
	featEarlyInit:           {"3.1.6-9 3.2.3-14 3.3-92 4.0-beta2-13 4.1-dev-285", "4.1-dev-1637"},
	featOwnHeaderLate:       {"", "3.1-dev-959"},
	featBannerFirst:         {"4.1-dev-1637", ""},
	featRevisionTwoPart:     {"4.3.4-370 4.4.3-355 5.0-rc1-2 5.1-dev-1635", ""},
	featRevisionThreeDigits: {"5.0-dev-4024", "5.0-rc1-2 5.1-dev-1635"},
	featChipIDs:             {"3.1.6-41 3.2.3-53 3.3-114 4.0-beta2-21 4.1-dev-443", ""},
	featResets:              {"3.2-dev-284", ""},
	featLargeSizeTexts:      {"5.4.3-174 5.5.1-447 6.0-dev-1535", ""},
	featTableMD5:            {"3.1-dev-333", ""},
	featTableNotEmpty:       {"5.5-dev-84", ""},
	featTableNoWrap:         {"6.1-dev-2634", ""},
	featUsageNVSKeys:        {"3.1-100 3.2-dev-1139", ""},
	featUsageEfuse:          {"3.3-beta1-409", ""},
	featUsageBoot:           {"5.4-dev-3531", ""},
	featUsageRecovery:       {"5.5-dev-280", ""},
	featCountsApps:          {"3.1-beta1-100 3.2-dev-308", ""},
	featStates:              {"3.3-dev-376", ""},
	featWritesOTAData:       {"3.3-beta1-85", ""},
	featFillsLabel:          {"3.3-beta1-409", ""},
	featTestNeedsVersion:    {"4.3-beta1-11", ""},
	featMapsDescription:     {"", "3.3.4-133 4.0.2-68 4.1-342 4.2-beta1-206 4.3-dev-1414"},
	featRechecksVersion:     {"4.4.6-508 5.0.6-9 5.1.3-41 5.2-215 5.3-dev-2079", ""},
	featTwoSectorMinimum:    {"4.4-dev-1081", ""},
	featStopsAtMagic:        {"4.3-125 4.4-dev-381", ""},
	featSPIWarnings:         {"", "4.4-dev-381"},
	featValidityLate:        {"4.1-dev-1686", ""},
	featRevisionFull:        {"4.3.4-434 4.4.4-231 5.0-528 5.1-dev-1635", ""},
	featRevisionMax:         {"4.4.4-231 5.0-528 5.1-dev-1635", ""},
	featChunkedMap:          {"3.2.2-75 3.3-rc-4 4.0-dev-1108", ""},
	featStackLimit:          {"3.0.6 3.1.1 3.2-beta3 3.3-dev-4", "3.3.5-21 4.1-beta1-53 4.2-dev-483"},
	featStackLimitDRAM:      {"4.1-dev-811", ""},
	featLoadChecks:          {"3.3.5-21 4.1-beta1-53 4.2-dev-483", ""},
	featInclusiveEnd:        {"4.3.1-49 4.4-dev-1623", ""},
	featInvertedDIRAM:       {"4.1-dev-1753", ""},
	featDIRAMFull:           {"4.1-dev-811", ""},
	featDRAMLow:             {"4.0-dev", ""},
	featIRAMHigh:            {"5.1-beta1-47 5.2-dev-14", ""},
	featOverlapAsserts:      {"4.0-dev-835", ""},
	featSkipsOwnLength:      {"4.1-dev-811", "4.3-125 4.4-dev-1302"},
	featSignatureLength:     {"4.4.2-159 5.0-beta1-327 5.1-dev-41", ""},
	featMapNames:            {"3.0.7-25 3.1.2-77 3.2-beta3 3.3-beta1-245", ""},
	featBusAsserts:          {"5.0-dev-2032", ""},
	featBusAssertText:       {"5.0-dev-2032", "5.0-dev-3553"},
	featMMULog:              {"5.0-dev-2032", ""},
	featReadForgets:         {"5.5-dev-695", ""},
	featDigestCopy:          {"3.2-dev-510", "4.3-125 4.4-dev-1302"},
	featReadsHashEarly:      {"4.3-125 4.4-dev-1302", ""},
	featKnowsBootloaders:    {"5.5-dev-84", ""},
	featSkipsRTCData:        {"3.2-dev-1214", ""},
	featFullHash:            {"3.2-dev-510", ""},
	featPagesByAddress:      {"3.0.7-25 3.1.2-77 3.2-beta3 3.3-beta1-245", ""},
	featPinsNotOnWake:       {"3.1.6-7 3.2.3-12 3.3-51 4.0-beta1-56 4.1-dev-124", ""},
	featEfuseBatch:          {"4.4-dev-1707", ""},
	featEncryptInit:         {"5.0-dev-3299", ""},
	featSmallDRAM:           {"5.1-beta1-47 5.2-dev-14", ""},
	featCount7:              {"3.0.7-61 3.1.4-13 3.2-34 3.3-beta2-164 4.0-dev-280", ""},
	featCountFull:           {"3.3.4-387 4.0.3-79 4.1-beta1-96 4.2-dev-984", ""},
	featCountProtect:        {"3.0.8-22 3.1.5-73 3.2.2-141 3.3-11 4.0-dev-990", ""},
	featCoding34Refused:     {"3.0.4-25 3.2-dev-1218", "3.1-98 3.2-dev-1300"},
	featCodingChecked:       {"3.1-98 3.2-dev-1300", ""},
	featBurnsTogether:       {"4.1-beta1-96 4.2-dev-984", ""},
	featNeedsOwnImage:       {"4.4-dev-1707", ""},
	featEncryptsKeys:        {"3.1-100 3.2-dev-1139", ""},
	featEncryptsTables:      {"5.5-dev-84", ""},
	featProtectsCacheBit:    {"5.1-dev-4311", ""},
	featDescriptor:          {"5.2-dev-630", ""},
	featDigestFirst:         {digestFirst, ""},
	featDigestNoHash:        {"3.0.4-27 3.1-95 3.2-dev-1220", ""},
	featTagByScheme:         {signatureBoot, ""},
	featBootBurnsTogether:   {"4.1-beta1-93 4.2-dev-957", ""},
	featFusesTrusted:        {signatureFuses, ""},
	featDigestBlockRead:     {digestBlockTold, ""},
	featPreloadedRead:       {hiddenDigest, ""},
	featSchemeChecked:       {"5.4-dev-1176", ""},
	featSignatureGrows:      {"5.0.5-202 5.1.3-44 5.2-beta2-148 5.3-dev-1039", ""},
	featDebuggerSkips:       {"4.3-86 4.4-dev-1257", ""},
	featSignedBatch:         {"4.3-dev-950", ""},
	featVerifiesBurns:       {"4.2.3-89 4.3.2-590 4.4.1-177 5.0-dev-2630", ""},
}

// features is featureChanges as versions.
var features = sync.OnceValue(func() *[numFeatures]idf.Range {
	var ranges [numFeatures]idf.Range
	for f, c := range featureChanges {
		ranges[f] = idf.Between(c.from, c.until)
	}
	return &ranges
})

// featureRange returns the versions that behave so.
func featureRange(f feature) idf.Range { return features()[f] }

// featureSet is the behaviours of one bootloader.
type featureSet [numFeatures]bool

func featuresOf(v idf.Version) featureSet {
	var s featureSet
	for f, r := range features() {
		s[f] = r.Includes(v)
	}
	return s
}
