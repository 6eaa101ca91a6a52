// Package clock is the time, which a test may stop.
package clock

import "time"

// Clock tells the time.
type Clock interface{ Now() time.Time }

// Real is the time of the machine.
type Real struct{}

// Now is now.
func (Real) Now() time.Time { return time.Now() }

// At always says the same.
type At time.Time

// Now is when it was stopped.
func (a At) Now() time.Time { return time.Time(a) }
