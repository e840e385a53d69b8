//go:build !js

// Command cmd serves a folder for ./build.sh run.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"

	"wirelab/lab/serve"
)

func main() {
	log.SetFlags(0)
	addr := flag.String("addr", serve.DefaultAddr, "the address to serve on")
	dir := flag.String("dir", "dist", "the folder to serve")
	open := flag.Bool("open", false, "open the browser")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := serve.Run(ctx, serve.Options{Addr: *addr, Files: os.DirFS(*dir), Log: func(urls []string) {
		fmt.Printf("Wirelab is at %s — stop with Ctrl+C\n", strings.Join(urls, " "))
		if *open {
			openBrowser(urls[len(urls)-1]) // this machine's own
		}
	}})
	if err != nil {
		log.Fatal("serve: ", err)
	}
}

// openBrowser does nothing where there is no browser: the address has been printed.
func openBrowser(url string) {
	switch {
	case runtime.GOOS == "darwin":
		exec.Command("open", url).Start()
	case runtime.GOOS == "windows":
		exec.Command("rundll32", "url.dll,FileProtocolHandler", url).Start()
	case os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "":
		exec.Command("xdg-open", url).Start()
	}
}
