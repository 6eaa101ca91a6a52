module Suppliers
  # How a supplier writes its lists. Each says where it differs.
  class Base
    def separator
      ','
    end

    def headers
      { number: 'Item', title: 'Title', stock: 'Stock' }
    end

    def thousands
      ','
    end

    def skip?(row)
      row[headers[:number]].nil?
    end
  end
end
