require_relative 'plan'

# Every plan that can be had.
module Catalog
  PLANS = {
    solo: Plan.new('Solo', 900, 1),
    team: Plan.new('Team', 4900, 8),
    company: Plan.new('Company', 19_900, 50)
  }.freeze

  def self.plan(name)
    PLANS.fetch(name)
  end
end
