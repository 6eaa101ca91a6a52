require 'date'

# Days from the first to the last, both of them counted.
Period = Struct.new(:first, :last) do
  def days
    (last - first).to_i + 1
  end

  def from(day)
    Period.new([first, day].max, last)
  end

  def until(day)
    Period.new(first, [last, day - 1].min)
  end

  def include?(day)
    day >= first && day <= last
  end
end
