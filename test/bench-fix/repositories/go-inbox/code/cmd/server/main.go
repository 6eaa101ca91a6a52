package main

import (
	"fmt"
	"os"

	"example.com/inbox/inbox"
	"example.com/inbox/mail"
)

const kept = `{"version":1,"owner":"ann","mails":[{"id":"1","from":"bob@shop.example","subject":"Kettle","at":"2026-03-01T08:00:00Z"}],"unread":{}}`

func main() {
	box, err := inbox.Restore([]byte(kept))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	delivery := inbox.NewDelivery(inbox.FromDomain("spam.example"))
	delivery.Register("ann", box)
	delivery.Deliver("ann", mail.Mail{ID: "2", From: "bob@shop.example", Subject: "Re: Kettle"})
	fmt.Println(box.Threads())
}
