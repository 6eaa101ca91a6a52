package inbox

import (
	"testing"

	"example.com/inbox/mail"
)

func TestRestore(t *testing.T) {
	box := New("ann")
	box.Add(mail.Mail{ID: "1", From: "bob@shop.example", Subject: "Kettle"})
	data, err := box.Save()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Restore(data)
	if err != nil {
		t.Fatal(err)
	}
	again.Add(mail.Mail{ID: "2", From: "bob@shop.example", Subject: "Lamp"})
	if len(again.Threads()) == 0 || !again.Read("2") {
		t.Fatalf("threads: %v", again.Threads())
	}
}
