require_relative 'base'

module Notify
  module Channels
    class Sms < Base
      def wants?(notice)
        notice[:urgent] && !notice[:phone].nil?
      end

      private

      def kind
        :sms
      end

      def address(notice)
        notice[:phone].delete(' ')
      end

      def text(notice)
        words = "#{notice[:title]}: #{notice[:words]}"
        words.length > @options[:longest] ? "#{words[0, @options[:longest] - 1]}…" : words
      end
    end
  end
end
