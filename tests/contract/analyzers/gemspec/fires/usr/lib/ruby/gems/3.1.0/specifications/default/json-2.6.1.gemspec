version = File.foreach(File.join(__dir__, "lib/json/version.rb")) { |l| l }

Gem::Specification.new do |spec|
  spec.name = "json"
  spec.version = version
  spec.license = "Ruby"
end
