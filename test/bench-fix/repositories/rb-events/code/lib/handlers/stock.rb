require_relative '../registry'

Registry.register(:stock) do |payload|
  payload.fetch(:items).each { |item| raise ArgumentError, "#{item} is nothing" unless item[:quantity].positive? }
end
