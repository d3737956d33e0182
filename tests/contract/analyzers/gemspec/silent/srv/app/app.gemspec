Gem::Specification.new do |s|
  s.name = "app"
  s.version = "1.0"
end
