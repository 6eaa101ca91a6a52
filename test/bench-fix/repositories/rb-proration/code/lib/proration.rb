require_relative 'rounding'

# A part of a price, for a part of its period.
class Proration
  def initialize(part, whole)
    @part = part
    @whole = whole
  end

  def share(cents)
    Rounding.to_cents(cents * rate)
  end

  private

  def rate
    @part.days.fdiv(@whole.days)
  end
end
