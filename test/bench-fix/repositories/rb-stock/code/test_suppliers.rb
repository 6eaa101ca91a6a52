require 'minitest/autorun'
require_relative 'lib/catalogue'
require_relative 'lib/importer'

class SuppliersTest < Minitest::Test
  def stock(name, text, number)
    catalogue = Catalogue.new
    Importer.new(catalogue).read(name, text)
    catalogue[number].stock.amount
  end

  def test_each_writes_numbers_its_own_way
    assert_equal 1200, stock('nord-1.csv', "Item,Title,Stock\nK1,Kettle,\"1,200 pcs\"\n", 'K1')
    assert_equal 12_000, stock('sued-1.csv', "Item;Title;Stock\nL1;Lamp;12'000 pcs\n", 'L1')
    assert_equal 15_000, stock('ost-1.csv', "Artikel;Bezeichnung;Bestand\nS4;Schraube;15.000 Stk\n", 'S4')
  end
end
