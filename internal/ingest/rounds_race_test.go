//go:build race

package ingest_test

// modelRounds is how many times TestModel draws its families where the race detector makes each take several times as long.
const modelRounds = 2
