// Package money counts in cents.
package money

import "fmt"

// Format writes an amount as people do.
func Format(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// Tax is what of an amount with tax is tax.
func Tax(gross int64, percent int) int64 {
	return gross - gross*100/int64(100+percent)
}
