require 'minitest/autorun'
require_relative 'lib/ledger'

class LedgerTest < Minitest::Test
  def test_an_account_without_a_limit_pays_from_what_it_has
    ledger = Ledger.new
    ledger.open('a', opening: 100)
    ledger.open('b')
    ledger.transfer(60, from: 'a', to: 'b', text: 'x')
    assert_equal 40, ledger.account('a').balance
    assert_raises(Ledger::Uncovered) { ledger.transfer(60, from: 'a', to: 'b', text: 'y') }
  end
end
