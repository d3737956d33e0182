"""The page of `tidewaiter image diff`."""

from collections.abc import Sequence
from typing import Final

from tidewaiter.core.report.difference import Difference, PackageChange, VulnerabilityChange
from tidewaiter.render.table.text import Page, counted

_ROWS: Final = 50
_MEGABYTE: Final = 1_000_000


def render_difference(found: Difference, *, colour: bool = False, width: int = 100) -> str:
    """Return the page; long lists are cut with a count, `--format json` holds all."""
    page = Page(colour=colour, width=width)
    page.line(found.before, first="before ", indent=11, first_style="bold")
    page.line(found.after, first="after ", indent=11, first_style="bold")
    _write_image(page, found)
    _write_vulnerabilities(page, "gone", found.gone, style="pass")
    _write_vulnerabilities(page, "new", found.new, style="fail")
    page.line(f"{counted(found.stayed, 'vulnerability')} in both", style="dim")
    _write_packages(page, found.packages)
    for title, names in (
        ("credentials gone", found.gone_credentials),
        ("credentials new", found.new_credentials),
        ("tools gone", found.gone_tools),
        ("tools new", found.new_tools),
    ):
        _write_names(page, title, names)
    return page.text()


def _write_image(page: Page, found: Difference) -> None:
    same = found.digests[0] and found.digests[0] == found.digests[1]
    layers = f"{found.shared_layers} shared, {found.layers[0]} and {found.layers[1]} in all"
    size = f"{found.size[0] / _MEGABYTE:,.1f} → {found.size[1] / _MEGABYTE:,.1f} MB as stored"
    page.line("the same image" if same else f"{layers}; {size}", first="layers ", indent=11, first_style="bold")
    for name, (old, new) in (
        ("system", found.system),
        ("user", (found.user[0] or "root", found.user[1] or "root")),
        ("base", (", ".join(found.bases[0]), ", ".join(found.bases[1]))),
    ):
        if old != new:
            page.line(f"{old or 'unknown'} → {new or 'unknown'}", first=f"{name} ", indent=11, first_style="bold")
    page.line()


def _write_vulnerabilities(page: Page, title: str, found: Sequence[VulnerabilityChange], *, style: str) -> None:
    if not found:
        return
    page.line(f"{counted(len(found), 'vulnerability')} {title}", style=style)
    for one in found[:_ROWS]:
        fix = f" → {one.fixed}" if one.fixed else ""
        used = " (exploited)" if one.kev else ""
        page.line(
            f"{one.id}{used} {one.package} {one.installed}{fix}",
            first=f"  {one.severity:<9}",
            indent=11,
            first_style=one.severity,
        )
    _write_rest(page, len(found))
    page.line()


def _write_packages(page: Page, changes: Sequence[PackageChange]) -> None:
    if not changes:
        return
    page.line()
    page.line(f"{counted(len(changes), 'package')} changed", style="bold")
    for one in changes[:_ROWS]:
        mark = "+" if not one.before else "-" if not one.after else "~"
        versions = " → ".join(", ".join(part) for part in (one.before, one.after) if part)
        page.line(f"{one.name} {versions} ({one.type})", first=f"  {mark} ", indent=4)
    _write_rest(page, len(changes))


def _write_names(page: Page, title: str, names: Sequence[str]) -> None:
    if not names:
        return
    page.line()
    page.line(f"{len(names)} {title}", style="bold")
    for name in names[:_ROWS]:
        page.line(name, indent=4)
    _write_rest(page, len(names))


def _write_rest(page: Page, count: int) -> None:
    if count > _ROWS:
        page.line(f"and {count - _ROWS} more; `--format json` lists all", indent=4, style="dim")
