package inbox

import (
	"encoding/json"
	"fmt"

	"example.com/inbox/mail"
)

type snapshot struct {
	Version int             `json:"version"`
	Owner   string          `json:"owner"`
	Mails   []mail.Mail     `json:"mails"`
	Unread  map[string]bool `json:"unread"`
}

// Save gives all of an inbox as it is kept over a restart.
func (i *Inbox) Save() ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return json.Marshal(snapshot{Version: 1, Owner: i.owner, Mails: i.mails, Unread: i.unread})
}

// Restore makes an inbox of what Save gave.
func Restore(data []byte) (*Inbox, error) {
	var kept snapshot
	if err := json.Unmarshal(data, &kept); err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	if kept.Version != 1 {
		return nil, fmt.Errorf("inbox: version %d is not known", kept.Version)
	}
	restored := &Inbox{owner: kept.Owner, unread: kept.Unread}
	for _, m := range kept.Mails {
		restored.mails = append(restored.mails, m)
	}
	return restored, nil
}
