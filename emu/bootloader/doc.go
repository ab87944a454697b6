// Package bootloader models ESP-IDF's second-stage bootloader for the classic
// ESP32, v3.0 to v6.1: what it prints, which slot it chooses, why it refuses an
// image, and what it writes to flash and eFuses (spec sections 2 to 5).
//
// A Profile says which bootloader it is: its version, its build options, its
// place in memory. Detect reads a Profile from a binary. Everything in which
// versions differ is data: behaviours in features.go, texts in messages*.go,
// each with the first version of every release branch that has it. The steps of
// a boot are files of their own, in the order in which they run: start, table,
// selection, load order, image, encryption, hand-over.
package bootloader
