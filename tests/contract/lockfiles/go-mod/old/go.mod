module example.com/old
go 1.13
require github.com/pkg/errors v0.8.0
