require_relative 'lib/notify/app'

# One outlet is busy at times: then it is tried again.
app = Notify::App.new('production')
app.outlet.instance_variable_set(:@busy, 1)
puts app.run([
  { title: 'Shipped', words: 'K-2031 is on its way.', name: 'Ada', email: 'ada@example.com' },
  { title: 'Late', words: 'K-2032 is late.', name: 'Ben', email: 'ben@example.com', phone: '+49 30 1234', urgent: true }
])
