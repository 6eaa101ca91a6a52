require 'minitest/autorun'
require_relative 'lib/notify/app'

class SettingsTest < Minitest::Test
  def test_a_file_of_its_own_changes_what_it_names_alone
    settings = Notify::Settings.load('production')
    assert_equal({ attempts: 3, wait: 30 }, settings[:retry])
    assert_equal({ enabled: true, longest: 160 }, settings.dig(:channels, :sms))
    assert_equal({ enabled: true, subject_prefix: '' }, settings.dig(:channels, :email))
    assert_equal 'orders@kettles.example', settings[:sender]
  end

  def test_it_delivers
    app = Notify::App.new('production')
    assert_equal '1 of 1 delivered', app.run([{ title: 'Hello', words: 'You.', name: 'Ada', email: 'ada@example.com' }])
  end
end
