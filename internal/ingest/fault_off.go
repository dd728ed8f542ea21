//go:build !faults

package ingest

// faultPoint does nothing in a kawat that is built to be used; see fault_on.go.
func faultPoint(string) {}
