require_relative 'channels/email'
require_relative 'channels/sms'

module Notify
  class Dispatcher
    CHANNELS = { email: Channels::Email, sms: Channels::Sms }.freeze

    def initialize(settings, outlet)
      @channels = CHANNELS.filter_map do |name, channel|
        options = settings[:channels][name]
        channel.new(options.merge(sender: settings[:sender], retry: settings[:retry]), outlet) if options&.fetch(:enabled, true)
      end
    end

    # 1 when at least one channel took it.
    def deliver(notice)
      taken = @channels.select { |channel| channel.wants?(notice) }.map { |channel| channel.deliver(notice) }
      taken.any? ? 1 : 0
    end
  end
end
