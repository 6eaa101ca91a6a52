require_relative '../books'
require_relative '../registry'

Registry.register(:refunds) do |payload|
  Books.book(:receivable, -payload[:cents], "refund of #{payload[:number]}")
end
