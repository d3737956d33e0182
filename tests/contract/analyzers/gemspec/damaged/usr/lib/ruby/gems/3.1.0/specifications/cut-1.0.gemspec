Gem::Specification.new do |s|
  s.name = "cut".freeze
