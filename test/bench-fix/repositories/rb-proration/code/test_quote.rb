require_relative 'lib/catalog'
require_relative 'lib/change'
require_relative 'lib/subscription'

def subscription
  Subscription.new('S-1', Catalog.plan(:team), Date.new(2026, 3, 1), Date.new(2026, 3, 31))
end

def check(words, expected, got)
  return if expected == got

  warn "#{words}: expected #{expected}, got #{got}"
  exit 1
end

change = Change.new(subscription, Catalog.plan(:company))
check 'on the first day all of it', 19_900 - 4900, change.quote(Date.new(2026, 3, 1)).total
check 'on the last day one of 31', 642 - 158, change.quote(Date.new(2026, 3, 31)).total
