require_relative 'proration'
require_relative 'quote'

# From one plan to another within a period that is paid.
class Change
  class NotRunning < StandardError; end

  def initialize(subscription, plan)
    @subscription = subscription
    @plan = plan
  end

  def quote(day)
    raise NotRunning, @subscription.id unless @subscription.running?(day)

    period = @subscription.period
    Quote.new
         .add("back: #{@subscription.plan}", -refund(period, day))
         .add("new: #{@plan}", charge(period, day))
  end

  private

  def refund(period, day)
    Proration.new(period, period.until(day)).share(@subscription.plan.cents)
  end

  def charge(period, day)
    Proration.new(period.from(day), period).share(@plan.cents)
  end
end
