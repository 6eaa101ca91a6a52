# Fills `{{name}}` in texts.
class Template
  PLACE = /\{\{\s*(?<name>[a-z_.]+)\s*\}\}/

  def initialize(text)
    @text = text
  end

  def names
    @text.scan(PLACE).flatten.uniq
  end

  # Every place must have a value: a letter with holes is not sent.
  def fill(values)
    @text.gsub(PLACE) { value_of(values, Regexp.last_match[:name]).to_s }
  end

  private

  def value_of(values, name)
    name.split('.').reduce(values) { |found, part| found.fetch(part.to_sym) }
  end
end
