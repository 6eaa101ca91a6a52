# Handlers by name. Their files say which they are when they are loaded.
module Registry
  Handler = Struct.new(:name, :block) do
    def call(payload)
      block.call(payload)
    end
  end

  @handlers = {}

  class << self
    def register(name, &block)
      @handlers[name.to_s] = Handler.new(name.to_s, block)
    end

    def handler(name)
      @handlers[name]
    end

    def load_all(folder = File.expand_path('handlers', __dir__))
      Dir.glob(File.join(folder, '*.rb')).sort.each { |file| load file }
    end

    def names
      @handlers.keys
    end
  end
end
