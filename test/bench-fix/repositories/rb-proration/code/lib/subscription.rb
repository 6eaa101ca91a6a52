require_relative 'period'

# A customer's plan, and until when it is paid.
class Subscription
  attr_reader :id, :plan, :period

  def initialize(id, plan, first, last)
    @id = id
    @plan = plan
    @period = Period.new(first, last)
  end

  def running?(day)
    period.include?(day)
  end
end
