# What is in stock, by number.
class Catalogue
  Entry = Struct.new(:number, :title, :stock, keyword_init: true)

  def initialize
    @entries = {}
  end

  def add(number:, title:, stock:)
    known = @entries[number]
    @entries[number] = Entry.new(number: number, title: title, stock: known ? known.stock + stock : stock)
  end

  def [](number)
    @entries[number]
  end

  def length
    @entries.length
  end

  def scarce(below)
    @entries.values.select { |entry| entry.stock.unit == :pieces && entry.stock.amount < below }
  end
end
