require 'minitest/autorun'
require_relative 'lib/bus'
require_relative 'lib/books'

class BusTest < Minitest::Test
  def test_every_topic_has_its_handlers
    Registry.load_all
    bus = Bus.new
    bus.publish('order.cancelled', { number: 'K-1', cents: 100, items: [{ sku: 'lamp', quantity: 1 }] })
    assert_equal [%w[order.cancelled stock], %w[order.cancelled refund]], bus.delivered
    assert_equal(-100, Books.balance(:receivable))
  end
end
