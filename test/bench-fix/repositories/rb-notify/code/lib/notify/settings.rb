require 'yaml'

module Notify
  # The settings of an environment: those of defaults.yml, and over them those of its own file.
  class Settings
    FOLDER = File.expand_path('../../config', __dir__)

    def self.load(environment, folder: FOLDER)
      new(read(File.join(folder, 'defaults.yml')).merge(read(File.join(folder, "#{environment}.yml"))))
    end

    def self.read(path)
      File.exist?(path) ? YAML.safe_load(File.read(path), symbolize_names: true) : {}
    end

    def initialize(values)
      @values = values
    end

    def [](name)
      @values.fetch(name)
    end

    def dig(*names)
      @values.dig(*names)
    end
  end
end
