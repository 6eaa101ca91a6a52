require_relative '../books'
require_relative '../registry'

Registry.register(:invoice) do |payload|
  Books.book(:receivable, payload[:cents], "invoice of #{payload[:number]}")
end
