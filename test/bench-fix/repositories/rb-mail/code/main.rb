require_relative 'lib/letters'

letters = Letters.new('Kettles & Co')
customer = { id: 17, name: 'Ada' }
order = { number: 'K-2031', tracking: 'JD014600', customer: customer }
letters.welcome(customer)
letters.shipped(order)
letters.refunded(order, 1250)
letters.outbox.each { |letter| puts letter[:text] }
