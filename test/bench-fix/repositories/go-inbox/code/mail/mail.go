// Package mail has letters, as they come and as they are kept.
package mail

import "time"

type Mail struct {
	ID      string    `json:"id"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	At      time.Time `json:"at"`
}

// Thread is the letter that all answers to it have in common.
func (m Mail) Thread() string {
	subject := m.Subject
	for len(subject) > 4 && (subject[:4] == "Re: " || subject[:4] == "Fw: ") {
		subject = subject[4:]
	}
	return subject
}
