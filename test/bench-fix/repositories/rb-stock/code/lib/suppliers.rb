require_relative 'suppliers/base'
require_relative 'suppliers/nord'
require_relative 'suppliers/ost'
require_relative 'suppliers/sued'

# Suppliers by the first word of the names of their files: "nord-2026-03.csv" is of Nord.
module Suppliers
  def self.of_file(name)
    const_get(name[/\A[a-z]+/].capitalize).new
  end
end
