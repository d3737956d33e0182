module example.com/shop // the shop

go 1.21.5

toolchain go1.22.3

require github.com/pkg/errors v0.9.1

require (
	github.com/Azure/azure-sdk v1.0.0+incompatible // indirect
	golang.org/x/net v0.17.0 // indirect; pinned
	"github.com/quoted/name" v1.2.3
	example.com/local v0.0.0-00010101000000-000000000000
	example.com/other v1.0.0
	example.com/excluded v1.5.0
	github.com/pkg/errors v0.9.1 // again
	broken
)

replace (
	example.com/local => ./local
	example.com/other v1.0.0 => github.com/fork/other v1.0.1
	golang.org/x/net v0.16.0 => golang.org/x/net v0.18.0
)

exclude example.com/excluded v1.5.0

retract v0.1.0 // never
tool golang.org/x/tools/cmd/stringer
