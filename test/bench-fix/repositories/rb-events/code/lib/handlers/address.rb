require_relative '../registry'

Registry.register(:address) do |payload|
  raise ArgumentError, 'no address' if payload[:address].to_s.empty?
end
