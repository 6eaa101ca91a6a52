package inbox

import (
	"strings"

	"example.com/inbox/mail"
)

// Rule keeps letters out.
type Rule func(mail.Mail) bool

func FromDomain(domain string) Rule {
	return func(m mail.Mail) bool { return strings.HasSuffix(m.From, "@"+domain) }
}

// Any says whether one of them holds.
func Any(rules []Rule, m mail.Mail) bool {
	for _, rule := range rules {
		if rule(m) {
			return true
		}
	}
	return false
}
