require_relative 'base'

module Notify
  module Channels
    class Email < Base
      def wants?(notice)
        !notice[:email].nil?
      end

      private

      def kind
        :email
      end

      def address(notice)
        "#{notice[:name]} <#{notice[:email]}>"
      end

      def text(notice)
        "From: #{@options[:sender]}\nSubject: #{@options[:subject_prefix]}#{notice[:title]}\n\n#{notice[:words]}\n"
      end
    end
  end
end
