module Notify
  # Where letters and messages leave the house.
  class Outlet
    class Busy < StandardError; end

    attr_reader :sent

    def initialize(busy: 0)
      @busy = busy
      @sent = []
    end

    def hand_over(kind, to, text)
      if @busy.positive?
        @busy -= 1
        raise Busy, "#{kind} is busy"
      end
      @sent << { kind: kind, to: to, text: text }
    end
  end
end
