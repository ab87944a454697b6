package bootloader

// messageID names a message, whatever its wording.
type messageID uint16

// The messages, by the step that prints them.
const (
	// Start (spec 2.2).
	msgChipRevisionEarly messageID = iota
	msgCrystal
	msgDetected
	msgNoXMC
	msgBanner
	msgCompileTime
	msgMulticore
	msgUnicore
	msgChipRevision
	msgOwnHeaderFailed
	msgCPURated
	msgResetByWDT
	msgResetByWDTApp
	msgPinsOverridden
	msgWatchdog
	msgRNGOn
	msgHeaderMagic
	msgHeaderSegments
	msgHeaderMode
	msgHeaderSpeed
	msgHeaderSize
	msgSPISpeed
	msgSPIMode
	msgFlashSize
	msgQIOProbe
	msgQIORawID
	msgQIOChipID
	msgQIOFound
	msgQIODefault
	msgQIOStatus
	msgQIOFailed

	// Chip id and revision (spec 2.3).
	msgChipIDMismatch
	msgRevisionLow
	msgRevisionHigh
	msgRevisionNote

	// Flash access.
	msgMapTwice
	msgMapExcess
	msgMapped
	msgMappedAfter
	msgReadMapped
	msgReadSourceAlign
	msgWriteAddrAlign

	// Partition table (spec 2.4).
	msgMapFailed
	msgTableMapped
	msgRowSize
	msgTwoMD5
	msgBadMD5
	msgTableEnd
	msgRowMagic
	msgNoEnd
	msgTableBad
	msgTableTitle
	msgTableHead
	msgRowAt
	msgRowType
	msgRow
	msgTableDone
	msgTableError

	// Selection (spec 2.5).
	msgOTAInfoSmall
	msgOTAOffset
	msgSequences
	msgSequence0
	msgSequence1
	msgAborted
	msgBothEmpty
	msgFactoryDefault
	msgTryOTA0
	msgMappedSequence
	msgMappingSequence
	msgBothValid
	msgOneValid
	msgActive
	msgPending
	msgFellToFactory
	msgFellToAll
	msgAntiRollback
	msgSecureVersion
	msgInitialState
	msgVersionTooLow
	msgNoDescription
	msgVersionLimit
	msgVersionCoding
	msgVersionRaised
	msgVersionLower
	msgWriteFailed
	msgSetSequence

	// Pins (spec 2.7).
	msgFactoryReset
	msgEraseList
	msgEraseHead
	msgEraseRow
	msgEraseFailed
	msgTestRequest
	msgTestMissing

	// Loading order (spec 2.6).
	msgZeroLength
	msgTrying
	msgLoaded
	msgFactoryBad
	msgSlotBad
	msgTestBad
	msgTestFallback
	msgNoApps

	// Image (spec 3).
	msgPartitionTooLarge
	msgReadingHeader
	msgImageHeader
	msgAppMagic
	msgOddMode
	msgOddSpeed
	msgOddSize
	msgSegmentCount
	msgSegmentHeaderAt
	msgSegmentHeaderFailed
	msgSegmentMapFailed
	msgSegmentData
	msgSegmentLength
	msgSegmentMapping
	msgSegmentPageSize
	msgSegmentAlign
	msgSkipRTCFast
	msgSkipRTCSlow
	msgSegment
	msgStackOverlap
	msgLoaderOverlap
	msgLoadInvalid
	msgFreePages
	msgSecureVersionCheck
	msgWrapped
	msgImageEnd
	msgChecksum
	msgLength
	msgHashBad
	msgHash
	msgHashExpected
	msgHashSecure
	msgVerifying
	msgSignatureVersion
	msgSignatureBad
	msgSimpleHash
	msgCorrupted
	msgSignatureOnly

	// Hand-over (spec 2.2, steps 16 to 18).
	msgRNGOff
	msgManySegments
	msgMappingAs
	msgSetCache
	msgConfigure
	msgMapD
	msgMapI
	msgMapResult
	msgMapDAfter
	msgMapIAfter
	msgStart

	// Flash encryption (spec 4.2 to 4.4).
	msgCheckingEncryption
	msgEncryptionRaw
	msgEncryptionState
	msgEncryptionOn
	msgEncryptionFailed
	msgEncryptionReset
	msgKeyInitFailed
	msgContentsFailed
	msgEnablingFailed
	msgRequireEnabled
	msgReencryptRefused
	msgCoding
	msgKeyGenerating
	msgKeyComplete
	msgKeyWriting
	msgKeyProtecting
	msgKeyState
	msgKeyPreloaded
	msgCryptConfig
	msgCryptConfigWrong
	msgDisableEncrypt
	msgKeepEncrypt
	msgDisableDecrypt
	msgKeepDecrypt
	msgDisableCache
	msgKeepCache
	msgDisableJTAG
	msgKeepJTAG
	msgDisableBasic
	msgKeepBasic
	msgProgrammingFailed
	msgNoBootloader
	msgBootloaderPlain
	msgBootloaderDone
	msgBootloaderOffsets
	msgPlainTableBad
	msgTablePlain
	msgTableEncrypted
	msgEncrypting
	msgPartitionDone
	msgRegionSource
	msgPartitionFailed
	msgRegionsDone
	msgCountPermanent
	msgCountProtect
	msgCountPlaintext
	msgCountChange
	msgEncryptionDone

	// Burning eFuses.
	msgFuseField
	msgBatchOn
	msgBatchDone
	msgBatchCancelled
	msgBurn
	msgBurnSame
	msgBurnSet
	msgBurnError
	msgBurnRetry
	msgBurnWrong

	// Secure Boot (spec 3.5, 7.2, 7.3).
	msgVerifyingECDSA
	msgVerifiedECDSA
	msgNotProgrammed
	msgOtherDigest
	msgDigestsUnset
	msgDigestsUnreadable
	msgVerifyingPSS
	msgVerifiedPSS
	msgFailedPSS
	msgOtherScheme
	msgCheckingBoot
	msgBootNotEnabled
	msgDigestFailed
	msgBootFailed
	msgSignedBootFailed
	msgBootEnabled
	msgDigestUnneeded
	msgBootCoding
	msgOwnImageInvalid
	msgBootKeyNew
	msgBootKeyProtect
	msgBootKeyPreloaded
	msgDigestNew
	msgDigestWrite
	msgDigestUnmapped
	msgDigestBroken
	msgDigestDone
	msgKeyReadable
	msgKeyWritable
	msgKeyHalfOpen
	msgBlowing
	msgBeforeBlowing
	msgAfterBlowing
	msgBootIsOn
	msgBootIsOff
	msgBootProgramming
	msgEncryptDigest
	msgSignedTooLarge
	msgSignedEnabling
	msgSignedEnabled
	msgSignedCoding
	msgDigestHidden
	msgDigestBlank
	msgDigestState
	msgReadingBlock
	msgCalculating
	msgBlockValid
	msgBlockFound
	msgBlockVerified
	msgDigestsCounted
	msgBlocksOfBoot
	msgBurningDigest
	msgDigestPreloaded
	msgDigestProtect
	msgDigestOpen
	msgDigestClosed
	msgBlocksOfApp
	msgKeysMatch
	msgKeysDiffer
	msgDownloadOff
	msgDownloadOn
	msgReadLock
	msgReadLockOpen
	msgAfterSigned
	msgSignedIsOn
	msgSignedIsOff
	numMessages
)
