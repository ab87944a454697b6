package bootloader

import "github.com/bootsim/bootsim/flashmodel/parttable"

// usage is the third column of the printed table (spec 2.2).
func (s *session) usage(e parttable.Entry) string {
	switch e.Type {
	case parttable.TypeApp:
		return appUsage(e.Subtype)
	case parttable.TypeData:
		return s.dataUsage(e.Subtype)
	case parttable.TypeBootloader, parttable.TypeTable:
		if s.p.has(featUsageBoot) {
			return s.bootUsage(e)
		}
	}
	return "unknown"
}

func appUsage(subtype uint8) string {
	switch {
	case subtype == parttable.SubtypeFactory:
		return "factory app"
	case subtype == parttable.SubtypeTest:
		return "test app"
	case isOTA(subtype):
		return "OTA app"
	}
	return "Unknown app"
}

func (s *session) dataUsage(subtype uint8) string {
	switch {
	case subtype == parttable.SubtypeOTAData:
		return "OTA data"
	case subtype == parttable.SubtypePHY:
		return "RF data"
	case subtype == parttable.SubtypeNVS:
		return "WiFi data"
	case subtype == parttable.SubtypeNVSKeys && s.p.has(featUsageNVSKeys):
		return "NVS keys"
	case subtype == parttable.SubtypeEFuse && s.p.has(featUsageEfuse):
		return "efuse"
	}
	return "Unknown data"
}

func (s *session) bootUsage(e parttable.Entry) string {
	what := "bootloader"
	if e.Type == parttable.TypeTable {
		what = "partition_table"
	}
	switch {
	case e.Subtype == parttable.SubtypePrimary:
		return "primary " + what
	case e.Subtype == parttable.SubtypeSecondary:
		return "ota " + what
	case e.Subtype == parttable.SubtypeRecovery && e.Type == parttable.TypeBootloader && s.p.has(featUsageRecovery):
		return "recovery " + what
	}
	return "unknown"
}

func isOTA(subtype uint8) bool { return subtype&^0x0F == parttable.SubtypeOTA0 }
