"""A scan of a folder says that it passes lock files by."""

from scanning import scan


def remarks(folder):
    """Return reason and weight of what was told about lock files."""
    return [(one.reason, one.incomplete) for one in scan(f"fs:{folder}").unknowns if "lock files" in one.reason]


def write(folder, *paths):
    """Make empty files."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")


def test_lock_files_are_named_once(tmp_path):
    """Three of them by name, the rest as a number; it makes no scan incomplete."""
    write(tmp_path, "go.mod", "web/package-lock.json", "web/yarn.lock", "api/pom.xml", "api/readme.md")
    told = "lock files are not read by a scan, which tells what is installed: go.mod, api/pom.xml, web/package-lock.json and 1 more"
    assert [(told, False)] == remarks(tmp_path)


def test_what_came_along_with_packages_is_no_lock_file_of_the_folder(tmp_path):
    """Installed packages bring their own; names that only look alike are none."""
    write(tmp_path, "node_modules/a/yarn.lock", "usr/lib/x/go.mod", "my-go.mod", "go.mod.bak")
    assert [] == remarks(tmp_path)
