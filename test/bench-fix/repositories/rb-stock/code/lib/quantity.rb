# An amount of goods, as suppliers write it: "1,200 pcs", "12.5 kg".
class Quantity
  include Comparable

  UNITS = { 'pcs' => :pieces, 'stk' => :pieces, 'kg' => :kilograms, 'm' => :metres }.freeze

  attr_reader :amount, :unit

  def self.parse(text, thousands:)
    number, unit = text.strip.split(/\s+/, 2)
    new(Integer(number.delete(thousands), 10), UNITS.fetch(unit.to_s.downcase, :pieces))
  end

  def initialize(amount, unit)
    @amount = amount
    @unit = unit
  end

  def +(other)
    raise ArgumentError, "#{unit} and #{other.unit} do not add up" unless unit == other.unit

    Quantity.new(amount + other.amount, unit)
  end

  def <=>(other)
    amount <=> other.amount if unit == other.unit
  end

  def to_s
    "#{amount} #{unit}"
  end
end
