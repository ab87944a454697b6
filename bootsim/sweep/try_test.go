package sweep_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/fixtures/updates"
)

func TestTry(t *testing.T) {
	for _, s := range []updates.Spec{
		{}, {Updater: "esp-ota,rollback"}, {Encrypted: true}, {Updater: "esp-ota,rollback", Encrypted: true},
		{Updater: "mark-invalid"}, {Updater: "crash"},
		{Updater: "sd-card", Table: updates.OneSlot, Encrypted: true, IDF: "v3.1"},
		{Updater: "sd-card-raw-otadata", Table: updates.OneSlot, Encrypted: true, IDF: "v3.1"},
		{Updater: "server-slot", Encrypted: true}, {Updater: "staging", Encrypted: true},
		{Updater: "first-boot"}, {Updater: "first-boot", FirstEncryption: true, IDF: "v3.1"}, {Updater: "first-boot", FirstEncryption: true},
		{Updater: "factory-reset", Table: updates.OneSlot, Running: "ota_0"}, {Updater: "replace-table"}, {Updater: "replace-bootloader"},
		{Updater: "esp-ota,anti-rollback", OldSecure: 1, NewSecure: 2},
	} {
		start := time.Now()
		r, err := sweep.Run(updates.New(s), sweep.Options{Depth: 1})
		fmt.Printf("=== %+v %v err=%v\n", s.Updater, s.Encrypted, err)
		if r == nil {
			continue
		}
		for _, l := range r.Clean {
			fmt.Println("   ", l)
		}
		fmt.Printf("    %+v %v\n", r.Levels, time.Since(start))
		fmt.Println("    unknown:", r.Unknown)
		for _, w := range r.Windows {
			fmt.Printf("    window %+v\n", w)
		}
		for _, v := range r.Verdicts {
			fmt.Println("    ", v.Invariant, v.Answer)
			if v.Counter != nil {
				for _, l := range v.Counter.Story {
					fmt.Println("          ", l)
				}
				fmt.Println("          ", v.Counter.Token)
			}
		}
	}
}
