require_relative 'template'

# Letters to customers, by what happened.
class Letters
  TEXTS = {
    shipped: "Dear {{customer.name}},\nyour order {{order.number}} is on its way: {{order.tracking}}.",
    refunded: "Dear {{customer.name}},\nwe have sent back {{amount}} for order {{order.number}}.",
    welcome: "Dear {{customer.name}}, welcome to {{shop}}."
  }.freeze

  def initialize(shop, outbox: [])
    @shop = shop
    @outbox = outbox
  end

  attr_reader :outbox

  def shipped(order)
    send_letter(:shipped, order[:customer], order: order.slice(:number, :tracking))
  end

  def refunded(order, cents)
    amount = format('%.2f EUR', cents / 100.0)
    send_letter(:refunded, order[:customer], amount: amount)
  end

  def welcome(customer)
    send_letter(:welcome, customer)
  end

  private

  def send_letter(kind, customer, **values)
    return if customer[:unsubscribed]

    text = Template.new(TEXTS.fetch(kind)).fill(values.merge(customer: customer, shop: @shop))
    @outbox << { to: customer[:id], kind: kind, text: text }
  end
end
