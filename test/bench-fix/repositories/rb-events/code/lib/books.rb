# What was booked; stands for the ledger.
module Books
  @lines = []

  class << self
    attr_reader :lines

    def book(account, cents, words)
      @lines << { account: account, cents: cents, words: words }
    end

    def balance(account)
      @lines.select { |line| line[:account] == account }.sum { |line| line[:cents] }
    end
  end
end
