require 'minitest/autorun'
require_relative 'lib/letters'

class LettersTest < Minitest::Test
  def test_a_refund_names_the_order
    letters = Letters.new('Shop')
    letters.refunded({ number: 'K-1', customer: { id: 1, name: 'Ada' } }, 1250)
    assert_equal "Dear Ada,\nwe have sent back 12.50 EUR for order K-1.", letters.outbox.first[:text]
  end
end
