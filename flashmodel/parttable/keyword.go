package parttable

import "fmt"

// keyword is a word that stands for a number in the CSV.
type keyword struct {
	word  string
	value int64
}

// keywords keeps its words in the order in which gen_esp32part lists them.
type keywords []keyword

// value returns the number of a word.
func (k keywords) value(word string) (int64, bool) {
	for _, w := range k {
		if w.word == word {
			return w.value, true
		}
	}
	return 0, false
}

// word returns the first word for a number.
func (k keywords) word(value int64) (string, bool) {
	for _, w := range k {
		if w.value == value {
			return w.word, true
		}
	}
	return "", false
}

// vocabulary is all the words one version knows.
type vocabulary struct {
	types    keywords
	subtypes map[int64]keywords // by type
}

// isSubtype tells whether a word names a subtype of any type.
func (v vocabulary) isSubtype(word string) bool {
	for _, k := range v.subtypes {
		if _, ok := k.value(word); ok {
			return true
		}
	}
	return false
}

// vocabularyOf returns the words of a version (gen_esp32part.py at the tags
// named in the conditions).
func vocabularyOf(v Version) vocabulary {
	voc := vocabulary{
		types:    keywords{{"app", TypeApp}, {"data", TypeData}},
		subtypes: map[int64]keywords{TypeApp: appWords(v), TypeData: dataWords(v)},
	}
	if v.since(Version{5, 4, 0}) {
		voc.types = append(keywords{{"bootloader", TypeBootloader}, {"partition_table", TypeTable}}, voc.types...)
		voc.subtypes[TypeBootloader] = keywords{{"ota", SubtypeSecondary}}
		voc.subtypes[TypeTable] = keywords{{"ota", SubtypeSecondary}}
	}
	if v.since(Version{5, 5, 0}) {
		voc.subtypes[TypeBootloader] = keywords{
			{"primary", SubtypePrimary}, {"ota", SubtypeSecondary}, {"recovery", SubtypeRecovery}}
		voc.subtypes[TypeTable] = keywords{{"primary", SubtypePrimary}, {"ota", SubtypeSecondary}}
	}
	return voc
}

func appWords(v Version) keywords {
	k := keywords{{"factory", SubtypeFactory}, {"test", SubtypeTest}}
	for i := range int64(maxBootloaderSlots) {
		k = append(k, keyword{fmt.Sprintf("ota_%d", i), SubtypeOTA0 + i})
	}
	if v.since(Version{5, 5, 0}) {
		k = append(k, keyword{"tee_0", SubtypeTEE0}, keyword{"tee_1", SubtypeTEE1})
	}
	return k
}

func dataWords(v Version) keywords {
	k := keywords{{"ota", SubtypeOTAData}, {"phy", SubtypePHY}, {"nvs", SubtypeNVS}, {"coredump", SubtypeCoredump}}
	if v.since(Version{3, 1, 1}) {
		k = append(k, keyword{"nvs_keys", SubtypeNVSKeys})
	}
	if v.since(Version{3, 3, 0}) {
		k = append(k, keyword{"efuse", SubtypeEFuse})
	}
	if v.since(emptySubtypeReleases()...) {
		k = append(k, keyword{"undefined", SubtypeUndefined})
	}
	k = append(k, keyword{"esphttpd", SubtypeESPHTTPD}, keyword{"fat", SubtypeFAT}, keyword{"spiffs", SubtypeSPIFFS})
	if v.since(Version{5, 0, 7}, Version{5, 1, 4}, Version{5, 2, 0}) {
		k = append(k, keyword{"littlefs", SubtypeLittleFS})
	}
	if v.since(Version{5, 5, 0}) {
		k = append(k, keyword{"tee_ota", SubtypeTEEOTA})
	}
	return k
}

// emptySubtypeReleases are the releases that brought the subtype "undefined",
// the meaning of an empty subtype and the rules for otadata.
func emptySubtypeReleases() []Version {
	return []Version{{4, 1, 3}, {4, 2, 3}, {4, 3, 2}}
}
