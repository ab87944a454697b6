package input

// Limits of a search. They are far above any real image set and keep hostile
// trees from using up memory or time.
const (
	// MaxFile is the largest file that is read, in bytes: four times the
	// largest flash, as Intel HEX takes nearly three bytes for one.
	MaxFile = 64 << 20
	// MaxTotal is how much is read in one run, in bytes.
	MaxTotal = 512 << 20

	maxText    = 1 << 20 // bytes of a description, script or manifest
	maxDepth   = 8       // folders below the one named
	maxFolders = 4096
	maxEntries = 1 << 16 // files and folders in all
	maxLots    = 256
	maxImages  = 512      // image files that one folder is searched for
	headSize   = 0x21000  // bytes of a file that tell what it is: tables are looked for up to 0x20000
	maxFlash   = 16 << 20 // bytes of the largest flash chip
	sectorSize = 0x1000
)

// Addresses that the ROM and ESP-IDF's defaults fix (spec 0, fact 1).
const (
	bootloaderAddress = 0x1000
	defaultTable      = 0x8000
	defaultApp        = 0x10000
)
