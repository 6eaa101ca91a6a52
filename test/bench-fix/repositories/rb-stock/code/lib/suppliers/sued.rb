require_relative 'base'

module Suppliers
  class Sued < Base
    def separator
      ';'
    end

    def thousands
      "'"
    end
  end
end
