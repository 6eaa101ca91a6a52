require_relative 'lib/catalog'
require_relative 'lib/subscription'
require_relative 'lib/change'

start = Date.new(2026, 3, 1)
subscription = Subscription.new('S-9', Catalog.plan(:team), start, Date.new(2026, 3, 31))
change = Change.new(subscription, Catalog.plan(:company))
puts change.quote(start).lines
puts change.quote(Date.new(2026, 3, 12)).lines
