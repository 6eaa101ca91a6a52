require_relative 'base'

module Suppliers
  # Sends lists in English, once a month.
  class Nord < Base
    def skip?(row)
      super || row['Title'].start_with?('TEST')
    end
  end
end
