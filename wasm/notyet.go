//go:build js

package main

import (
	"time"

	"wirelab/wasm/bridge"
)

// notYet stands in for the session until lab/session is there.
type notYet struct{}

var errNotYet = &bridge.Error{Code: "not_yet", Message: "the lab is not part of this build yet"}

func (notYet) Open([]byte) error             { return errNotYet }
func (notYet) Save() ([]byte, error)         { return nil, errNotYet }
func (notYet) Example(string) error          { return errNotYet }
func (notYet) Play()                         {}
func (notYet) Pause()                        {}
func (notYet) Speed(float64) error           { return errNotYet }
func (notYet) Seek(float64) error            { return errNotYet }
func (notYet) Step(string) error             { return errNotYet }
func (notYet) Run(string) error              { return errNotYet }
func (notYet) Exec(string, string) error     { return errNotYet }
func (notYet) Output(string) (string, error) { return "", errNotYet }
func (notYet) Export(string) ([]byte, error) { return nil, errNotYet }
func (notYet) Lang(string) error             { return errNotYet }
func (notYet) Busy() bool                    { return false }
func (notYet) Work(time.Duration)            {}
