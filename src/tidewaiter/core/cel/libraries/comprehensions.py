"""The macros with two variables, index or key and value (google/cel-go: ext/comprehensions.go)."""

from __future__ import annotations

from tidewaiter.core.cel.declarations import Library
from tidewaiter.core.cel.macros import Macro, predicate_of_two, transform_of_two

LIBRARY = Library(
    id="comprehensions",
    macros=(
        Macro("all", 3, True, predicate_of_two("all")),
        Macro("exists", 3, True, predicate_of_two("exists")),
        Macro("existsOne", 3, True, predicate_of_two("exists_one")),
        Macro("exists_one", 3, True, predicate_of_two("exists_one")),
        Macro("transformList", 3, True, transform_of_two("map")),
        Macro("transformList", 4, True, transform_of_two("map")),
        Macro("transformMap", 3, True, transform_of_two("transform_map")),
        Macro("transformMap", 4, True, transform_of_two("transform_map")),
        Macro("transformMapEntry", 3, True, transform_of_two("transform_map_entry")),
        Macro("transformMapEntry", 4, True, transform_of_two("transform_map_entry")),
    ),
)
