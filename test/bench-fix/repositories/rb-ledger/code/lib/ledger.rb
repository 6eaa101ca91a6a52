require_relative 'account'

# Moves money between accounts; both sides of a booking or none.
class Ledger
  class Uncovered < StandardError; end

  def initialize
    @accounts = {}
  end

  def open(name, **options)
    raise ArgumentError, "there is an account #{name}" if @accounts.key?(name)

    @accounts[name] = Account.new(name, **options)
  end

  def account(name)
    @accounts.fetch(name)
  end

  def transfer(cents, from:, to:, text:)
    source = account(from)
    target = account(to)
    raise Uncovered, "#{from} has not #{cents} cents" unless source.covers?(cents)

    source.book(-cents, text)
    target.book(cents, text)
  end

  def total
    @accounts.values.sum(&:balance)
  end
end
