require_relative '../outlet'

module Notify
  module Channels
    class Base
      def initialize(options, outlet)
        @options = options
        @outlet = outlet
      end

      def deliver(notice)
        attempt { @outlet.hand_over(kind, address(notice), text(notice)) }
      end

      private

      def attempt
        left = @options[:retry][:attempts]
        begin
          yield
          true
        rescue Outlet::Busy
          left -= 1
          retry if left.positive?
          false
        end
      end
    end
  end
end
