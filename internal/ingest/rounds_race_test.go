//go:build race

package ingest_test

// modelRounds is how many times TestModel draws families, and modelFamilies how many each time, where the race detector makes
// each take several times as long.
const (
	modelRounds   = 4
	modelFamilies = 250
)
