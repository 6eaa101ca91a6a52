# An account of the ledger: bookings, a limit, and a balance in cents.
class Account
  attr_reader :name, :bookings, :limit

  def initialize(name, opening: 0, limit: nil)
    @name = name
    @opening = opening
    @limit = limit
    @bookings = []
  end

  def book(cents, text)
    raise ArgumentError, "nothing to book: #{text}" if cents.zero?

    @bookings << { cents: cents, text: text, at: @bookings.length + 1 }
    self
  end

  def balance
    @opening + @bookings.sum { |booking| booking[:cents] }
  end

  def in_debt?
    balance.negative?
  end

  # How much may still be spent.
  def available
    balance + limit
  end

  def covers?(cents)
    available >= cents
  end

  def statement(last: 10)
    rows = @bookings.last(last).map do |booking|
      format('%3d  %-30s %10.2f', booking[:at], booking[:text], booking[:cents] / 100.0)
    end
    [*rows, format('%45.2f', balance / 100.0)].join("\n")
  end
end
