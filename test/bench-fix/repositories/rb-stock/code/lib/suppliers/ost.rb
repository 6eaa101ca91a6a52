require_relative 'base'

module Suppliers
  # Sends lists in German since March.
  class Ost < Base
    def separator
      ';'
    end

    def headers
      { number: 'Artikel', title: 'Bezeichnung', stock: 'Bestand' }
    end
  end
end
