package inbox

import "example.com/inbox/mail"

// Delivery brings letters to their owners.
type Delivery struct {
	boxes map[string]*Inbox
	block []Rule
}

func NewDelivery(block ...Rule) *Delivery {
	return &Delivery{boxes: map[string]*Inbox{}, block: block}
}

func (d *Delivery) Register(owner string, box *Inbox) { d.boxes[owner] = box }

// Deliver says whether the letter was taken.
func (d *Delivery) Deliver(to string, m mail.Mail) bool {
	box, ok := d.boxes[to]
	if !ok || Any(d.block, m) {
		return false
	}
	box.Add(m)
	return true
}
