// Package browser holds tests only: they drive the built page in a real browser.
package browser
