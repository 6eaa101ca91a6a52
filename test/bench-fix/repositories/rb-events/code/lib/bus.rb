require 'yaml'
require_relative 'registry'

# Hands events to the handlers of their topic, in the order of topics.yml.
class Bus
  TOPICS = File.expand_path('../config/topics.yml', __dir__)

  attr_reader :delivered

  def initialize(topics = YAML.safe_load(File.read(TOPICS)))
    @topics = topics
    @delivered = []
  end

  def publish(topic, payload)
    handlers_of(topic).each { |handler| deliver(handler, topic, payload) }
  end

  private

  def handlers_of(topic)
    @topics.fetch(topic, []).map { |name| Registry.handler(name) }
  end

  def deliver(handler, topic, payload)
    handler.call(payload)
    @delivered << [topic, handler.name]
  end
end
