// Package inbox keeps the mail of one person.
package inbox

import (
	"sort"
	"sync"

	"example.com/inbox/mail"
)

type Inbox struct {
	mu      sync.Mutex
	owner   string
	mails   []mail.Mail
	threads map[string][]string
	unread  map[string]bool
}

func New(owner string) *Inbox {
	return &Inbox{owner: owner, threads: map[string][]string{}, unread: map[string]bool{}}
}

// Add puts a letter into its thread.
func (i *Inbox) Add(m mail.Mail) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.mails = append(i.mails, m)
	i.threads[m.Thread()] = append(i.threads[m.Thread()], m.ID)
	i.unread[m.ID] = true
}

// Read marks a letter; false: there is none of that id.
func (i *Inbox) Read(id string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, m := range i.mails {
		if m.ID == id {
			delete(i.unread, id)
			return true
		}
	}
	return false
}

// Threads are the subjects, by name, with how many letters each has.
func (i *Inbox) Threads() []Thread {
	i.mu.Lock()
	defer i.mu.Unlock()
	found := make([]Thread, 0, len(i.threads))
	for subject, ids := range i.threads {
		found = append(found, Thread{Subject: subject, Count: len(ids)})
	}
	sort.Slice(found, func(a, b int) bool { return found[a].Subject < found[b].Subject })
	return found
}

type Thread struct {
	Subject string
	Count   int
}
