# What a change costs, line by line.
class Quote
  def initialize
    @lines = []
  end

  def add(words, cents)
    @lines << [words, cents]
    self
  end

  def total
    @lines.sum { |_, cents| cents }
  end

  def lines
    @lines.map { |words, cents| format('%-32s %8.2f', words, cents / 100.0) }
  end
end
