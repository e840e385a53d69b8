//go:build !js

package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"wirelab/lab/serve"
)

type serveCommand struct {
	Addr string   `default:"127.0.0.1:8017" placeholder:"HOST:PORT" help:"Where to listen; 0.0.0.0:8017 for everybody in the network."`
	Host []string `placeholder:"NAME" help:"Answer to this name, too, such as that of a proxy."`
}

func (c *serveCommand) Run(p *Program) error {
	files, err := serve.Web()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return serve.Run(ctx, serve.Options{Addr: c.Addr, Names: c.Host, Files: files, Log: p.sayURLs})
}

// sayURLs prints where the lab is served, and for a whole network the first address as a QR code.
func (p *Program) sayURLs(urls []string) {
	for _, url := range urls {
		fmt.Fprintln(p.Out, url)
	}
	if len(urls) == 1 {
		return
	}
	if code, err := serve.QR(urls[0], isTerminal(p.raw)); err == nil {
		io.WriteString(p.raw, code)
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
