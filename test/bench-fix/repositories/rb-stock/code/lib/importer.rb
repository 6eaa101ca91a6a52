require 'csv'
require_relative 'quantity'
require_relative 'suppliers'

# Reads the lists of suppliers into a catalogue.
class Importer
  attr_reader :skipped

  def initialize(catalogue)
    @catalogue = catalogue
    @skipped = 0
  end

  def read(name, text)
    supplier = Suppliers.of_file(name)
    CSV.parse(text, headers: true, col_sep: supplier.separator) { |row| read_row(row, supplier) }
  end

  private

  def read_row(row, supplier)
    if supplier.skip?(row)
      @skipped += 1
      return
    end
    fields = supplier.headers.transform_values { |header| row.fetch(header) }
    stock = Quantity.parse(fields[:stock], thousands: supplier.thousands)
    @catalogue.add(**fields.slice(:number, :title), stock: stock)
  end
end
