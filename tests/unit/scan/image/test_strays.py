"""Descriptions of npm applications count where packages are installed beside them."""

from scanning import names, scan_layers


def package(name):
    """Return a package.json."""
    return f'{{"name": "{name}", "version": "1.0.0"}}'


def test_an_application_is_known_by_its_packages(tmp_path):
    """A root with `node_modules` beside it is told; templates, test data and broken ones are not."""
    image = scan_layers(
        tmp_path,
        {
            "srv/package.json": package("shop"),
            "srv/node_modules/x/package.json": package("x"),
            "opt/template/package.json": package("template"),
            "opt/broken/package.json": "{",
            "usr/share/doc/package.json": package("doc"),
        },
    )
    assert {"shop=1.0.0": 0, "x=1.0.0": 0} == names(image)
    assert ["shop"] == [one.name for one in image.packages if one.is_main]
    assert () == tuple(one for one in image.unknowns if one.incomplete)


def test_an_application_at_the_root_of_the_image(tmp_path):
    """Its folder is the root itself."""
    image = scan_layers(tmp_path, {"package.json": package("app"), "node_modules/x/package.json": package("x")})
    assert {"app=1.0.0", "x=1.0.0"} == set(names(image))
