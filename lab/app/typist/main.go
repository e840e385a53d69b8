//go:build !js

// Command typist opens the desktop window and types lines at a host, again and again, as fast as a person could at most. It prints each
// once it stands in the journal. The test beside it kills the program at any moment, and looks what is left.
package main

import (
	"fmt"
	"log"
	"time"

	"wirelab/lab"
	"wirelab/lab/app"
)

const pause = 40 * time.Millisecond // between lines

func main() {
	next, n := time.Now().Add(pause), 0
	err := app.OpenWindowWith("", func(a *app.App) {
		if time.Now().Before(next) || a.Session.Busy() {
			return
		}
		next = time.Now().Add(pause)
		n++
		if err := a.Session.Do(lab.Exec{Line: fmt.Sprint("line-", n)}); err != nil {
			log.Fatal(err)
		}
		fmt.Println(n)
	})
	if err != nil {
		log.Fatal(err)
	}
}
