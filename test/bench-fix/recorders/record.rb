# Runs main.rb of the working directory; writes what it raises, in the shape of an event, to the file that is named.
require 'json'
require 'time'

AROUND = 3

def frame_of(location)
  path = location.absolute_path || location.path
  own = path.start_with?("#{Dir.pwd}/")
  lines = File.file?(path) ? File.readlines(path, chomp: true) : []
  at = location.lineno - 1
  {
    filename: own ? path.delete_prefix("#{Dir.pwd}/") : File.basename(path),
    abs_path: path,
    function: location.label,
    lineno: location.lineno,
    in_app: own,
    pre_context: lines[[0, at - AROUND].max...at] || [],
    context_line: lines[at],
    post_context: lines[at + 1, AROUND] || []
  }
end

begin
  load File.join(Dir.pwd, 'main.rb')
rescue StandardError => error
  # The recorder's own frame and that of `load` are no part of the program.
  locations = error.backtrace_locations.reject { |location| location.path == __FILE__ }
  event = {
    event_id: 'b' * 32, platform: 'ruby', level: 'error', timestamp: Time.now.to_f,
    release: 'bench@1.0.0', environment: 'production', server_name: 'web-1',
    contexts: { runtime: { name: 'ruby', version: RUBY_VERSION } },
    exception: { values: [{
      type: error.class.name, value: error.message,
      stacktrace: { frames: locations.reverse.map { |location| frame_of(location) } }
    }] }
  }
  File.write(ARGV[0], JSON.generate(event))
end
