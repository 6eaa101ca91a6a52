# What is sold: a price in cents for a period.
Plan = Struct.new(:name, :cents, :seats) do
  def per_seat
    cents / seats
  end

  def to_s
    "#{name} (#{seats} seats)"
  end
end
