require_relative 'lib/bus'

Registry.load_all
bus = Bus.new
order = { number: 'K-2031', cents: 3980, items: [{ sku: 'kettle', quantity: 2 }] }
bus.publish('order.placed', order)
bus.publish('order.cancelled', order)
puts bus.delivered.length
