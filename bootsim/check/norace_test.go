//go:build !race

package check_test

const propertyChecks = "50"
