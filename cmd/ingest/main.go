// Command ingest takes copy off NATS, records it and puts it into Redis. Any number of replicas share the work.
package main

import (
	"os"

	"kawat/internal/app"
)

func main() {
	os.Exit(app.Main("ingest", "Take copy off NATS, record it and put it into Redis. Any number of replicas share the work.",
		app.Options{Ingest: true}))
}
