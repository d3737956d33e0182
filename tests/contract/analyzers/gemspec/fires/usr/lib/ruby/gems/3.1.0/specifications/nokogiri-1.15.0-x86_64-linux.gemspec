Gem::Specification.new do |s|
  s.name = %q<nokogiri>
  s.version = Gem::Version.new("1.15.0")
  s.platform = "x86_64-linux".freeze
end
