# Half a cent goes to the even one, so that sums of many do not drift.
module Rounding
  def self.to_cents(amount)
    amount.round(half: :even)
  end
end
