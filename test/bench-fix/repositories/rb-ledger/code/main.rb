require_relative 'lib/ledger'

ledger = Ledger.new
ledger.open('cash', opening: 100_00, limit: 0)
ledger.open('giro', opening: 2_500_00, limit: 500_00)
ledger.open('rent', opening: 0)
ledger.transfer(900_00, from: 'giro', to: 'rent', text: 'rent of May')
ledger.transfer(40_00, from: 'rent', to: 'giro', text: 'paid too much')
puts ledger.total
