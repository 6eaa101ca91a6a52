require_relative 'lib/catalogue'
require_relative 'lib/importer'

LISTS = {
  'nord-2026-03.csv' => "Item,Title,Stock\nK1,Kettle,\"1,200 pcs\"\nK2,TEST kettle,1 pcs\n",
  'sued-2026-03.csv' => "Item;Title;Stock\nL1;Lamp;12'000 pcs\n",
  'ost-2026-03.csv' => "Artikel;Bezeichnung;Bestand\nK1;Kessel;80 Stk\nS4;Schraube;15.000 Stk\n"
}.freeze

catalogue = Catalogue.new
importer = Importer.new(catalogue)
LISTS.each { |name, text| importer.read(name, text) }
puts "#{catalogue.length} items, #{importer.skipped} skipped"
