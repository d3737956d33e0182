"""Real paths of a merged tree."""

from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.scan.image.paths import Resolver

PARTS = st.sampled_from(["a", "b", "c", "..", ".", ""])
PATHS = st.lists(PARTS, min_size=1, max_size=5).map("/".join)
LINKS = st.dictionaries(
    st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map("/".join), PATHS, max_size=4
)


@given(links=LINKS, asked=st.lists(PATHS, max_size=12), depth=st.integers(1, 4))
def test_what_was_learnt_before_changes_no_answer(links, asked, depth):
    """A resolver that has answered for parents, children and links says what a new one says that follows every part."""
    resolver = Resolver(links, depth)
    for path in asked:
        followed = Resolver(links, depth)._follow(path)
        assert (followed if links and path else path) == resolver.folder(path)
        assert followed == resolver.file(path)
