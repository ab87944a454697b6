package bootloader

import "github.com/bootsim/bootsim/flashmodel/secureboot"

// security takes flash encryption and secure boot from the texts that come with
// them.
func (d *detection) security() {
	if d.p.LogLevel == LogNone {
		d.assume("The bootloader prints nothing, so whether it supports flash encryption or secure boot cannot be told; it is taken to support neither.")
		return
	}
	d.encryption()
	switch {
	case d.containsAny([]string{"Secure Boot v2 failed", "enabling secure boot v2"}):
		d.p.SecureBoot = SecureBootV2
	case d.containsAny([]string{"Checking secure boot...", "Bootloader digest generation"}):
		d.p.SecureBoot = SecureBootV1
	}
	switch {
	case d.p.SecureBoot != SecureBootNone:
		d.p.SignedApps = d.p.SecureBoot
	case !d.contains("Secure boot signature verification failed"):
	case d.contains("Verifying with RSA-PSS"):
		d.p.SignedApps = SecureBootV2
	default:
		d.p.SignedApps = SecureBootV1
	}
	d.secureBoot()
}

// secureBoot takes over the options of Secure Boot, and the keys of apps.
func (d *detection) secureBoot() {
	if d.p.SecureBoot != SecureBootNone {
		f := &d.p.FlashEncryption
		f.KeepJTAG, f.KeepBasic = d.mentions(msgKeepJTAG), d.mentions(msgKeepBasic)
		d.p.DisableDownload = d.mentions(msgDownloadOff)
		d.p.AllowReadDisable = d.mentions(msgReadLockOpen)
	}
	if d.p.SignedApps != SecureBootV1 {
		return
	}
	found, err := secureboot.EmbeddedV1Keys(d.image)
	if err == nil {
		d.p.AppKeys = secureboot.Keys(found)
	}
}

// encryption takes over the options of flash encryption.
func (d *detection) encryption() {
	f := &d.p.FlashEncryption
	f.Enabled = TriOf(d.containsAny([]string{
		"Flash encryption check failed", "Encryption flash contents failed", "SECURE_FLASH_REQUIRE_ALREADY_ENABLED",
	}))
	if f.Enabled != Yes {
		return
	}
	f.Required = d.contains("SECURE_FLASH_REQUIRE_ALREADY_ENABLED")
	f.KeepEncrypt = d.mentions(msgKeepEncrypt)
	f.KeepDecrypt = d.mentions(msgKeepDecrypt)
	f.KeepCache = d.mentions(msgKeepCache)
	f.KeepJTAG = d.mentions(msgKeepJTAG)
	f.KeepBasic = d.mentions(msgKeepBasic)
	switch {
	case d.mentions(msgCountPermanent) || d.mentions(msgCountProtect):
		f.Permanent = Yes
	case d.mentions(msgCountPlaintext) || d.p.LogLevel >= LogInfo && d.p.texts[msgCountPermanent].text != "":
		f.Permanent = No
	}
}
