require_relative 'settings'
require_relative 'dispatcher'
require_relative 'outlet'

module Notify
  class App
    attr_reader :settings, :outlet

    def initialize(environment)
      @settings = Settings.load(environment)
      @outlet = Outlet.new
      @dispatcher = Dispatcher.new(@settings, @outlet)
    end

    def run(notices)
      delivered = notices.sum { |notice| @dispatcher.deliver(notice) }
      "#{delivered} of #{notices.length} delivered"
    end
  end
end
