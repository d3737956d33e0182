"""Which rows speak of a package, and what of a version is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisory_data import row
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln import Qualifiers, cpe
from tidewaiter.core.vuln.judge import Named, judge_names
from tidewaiter.core.vuln.modules import is_modular, severity_in, stream_of, streams_in, without_context, without_epoch
from tidewaiter.core.vuln.qualify import Target, Why, applies, enabled_repositories, level, target_of
from tidewaiter.core.vuln.rpm_order import BinaryOrder, SourceOrder
from tidewaiter.core.vuln.versions import Keys, registry

RPM = registry()["rpm"]
MODULAR = "1.0-1.module+el8.10.0+23147+63faba8d"
NINE = OperatingSystem(id="rhel", version_id="9.4")


@pytest.mark.parametrize(
    ("asked", "enabled", "expected"),
    [
        ("cpe:/o:redhat:enterprise_linux:9", "cpe:/a:redhat:enterprise_linux:9::appstream", True),
        ("cpe:/a:redhat:enterprise_linux:9::appstream", "cpe:/o:redhat:enterprise_linux:9::baseos", False),
        ("cpe:/a:redhat:enterprise_linux:9::appstream", "cpe:/a:redhat:rhel_eus:9.2::appstream", False),
        ("cpe:/o:redhat:enterprise_linux:9", "cpe:/o:redhat:enterprise_linux:90::baseos", False),
        ("cpe:/o:redhat:enterprise_linux:10.0", "cpe:/o:redhat:enterprise_linux:10::baseos", True),
        ("cpe:/a:redhat:openshift:4", "cpe:/a:redhat:openshift:4.13::el8", True),
        ("cpe:/a:redhat:openshift:4.1", "cpe:/a:redhat:openshift:4.13::el8", False),
        ("cpe:/a:redhat:openshift:4.13::el9", "cpe:/a:redhat:openshift:4.13::el8", False),
        ("cpe:/a:redhat:rhel_eus:9.2::appstream", "cpe:/a:redhat:rhel_eus:9.2", False),
    ],
)
def test_repositories(asked, enabled, expected):
    """A CPE covers by product and version, never by the beginning of its text or by its part letter."""
    one, other = cpe.parse(asked), cpe.parse(enabled)
    assert one is not None
    assert other is not None
    assert expected == cpe.covers(one, other)


def test_broken_cpes():
    """What is no CPE is none; the major release is told where the product tells it."""
    assert (None, None, None) == (cpe.parse("rhel-9-rpms"), cpe.parse("cpe:/o:redhat"), cpe.parse(""))
    assert ("9", "8", "", "") == (
        cpe.major_of("cpe:/a:redhat:rhel_eus:9.2::appstream"),
        cpe.major_of("cpe:/a:redhat:openshift:4.13::el8"),
        cpe.major_of("cpe:/a:redhat:openshift:4"),
        cpe.major_of("nonsense"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cpe:/a:redhat:rhel_satellite_client:6::el9", "9"),
        ("cpe:/a:redhat:rhel_software_collections:3", ""),
        ("cpe:/a:redhat:rhel_dotnet:6.0::el7", "7"),
        ("cpe:/o:redhat:rhel_els:7", "7"),
        ("cpe:/o:redhat:enterprise_linux:10.0", "10"),
        ("cpe:/o:redhat:enterprise_linux:7::server", "7"),
    ],
)
def test_products_that_are_called_after_the_system(text, expected):
    """A product's own version is not the system's, whatever the product is called."""
    assert expected == cpe.major_of(text)


def test_enabled_repositories():
    """Content sets by the table, CPEs as they are, else those of every installation."""
    texts = [(one.product, one.version, one.edition) for one in enabled_repositories(NINE, {})]
    assert [("enterprise_linux", "9", "baseos"), ("enterprise_linux", "9", "appstream")] == texts
    system = OperatingSystem(id="rhel", version_id="9.2", repositories=("x-rpms", "cpe:/a:redhat:openshift:4.13::el9"))
    known = {"x-rpms": ("cpe:/a:redhat:rhel_eus:9.2::appstream",)}
    assert ["openshift", "rhel_eus"] == sorted(one.product for one in enabled_repositories(system, known))
    seven = OperatingSystem(id="rhel", version_id="7.9")
    assert [("7", "server")] == [(one.version, one.edition) for one in enabled_repositories(seven, {})]


@pytest.mark.parametrize(
    ("asked", "fields", "expected"),
    [
        ({}, {}, Why.APPLIES),
        ({"arches": ("aarch64",)}, {"arch": "x86_64"}, Why.ARCH),
        ({"arches": ("noarch",)}, {"arch": "x86_64"}, Why.APPLIES),
        ({"arches": ("aarch64",)}, {"arch": "noarch"}, Why.APPLIES),
        ({"arches": ("aarch64",)}, {"arch": ""}, Why.APPLIES),
        ({"module": "a:1"}, {"module": "a:1", "modular": True}, Why.APPLIES),
        ({"module": "a:1"}, {"module": "a:2", "modular": True}, Why.MODULE),
        ({"module": "a:1"}, {"modular": True}, Why.UNCLEAR),
        ({"module": "a:1"}, {}, Why.MODULE),
        ({}, {"module": "a:1", "modular": True}, Why.MODULE),
        ({"repositories": ("cpe:/o:redhat:enterprise_linux:9",)}, {}, Why.REPOSITORY),
        ({"repositories": ("kernel-5.15",)}, {"version": "4.14.1-1"}, Why.REPOSITORY),
        ({"repositories": ("kernel-5.15",)}, {"version": "5.15.1-1"}, Why.APPLIES),
        ({"repositories": ("kernel-5.15",)}, {"repository": "amzn2extra-kernel-5.15"}, Why.APPLIES),
        ({"repositories": ("kernel-5.15",)}, {"repository": "amzn2extra-kernel-5.10"}, Why.REPOSITORY),
        ({}, {"repository": "amzn2extra-kernel-5.10"}, Why.REPOSITORY),
        ({"flavour": "fips"}, {}, Why.FLAVOUR),
        ({}, {"flavour": "ksplice"}, Why.FLAVOUR),
        ({"needs": "suse:ltss"}, {}, Why.APPLIES),
    ],
)
def test_rules(asked, fields, expected):
    """Each condition, satisfied and not."""
    target = Target(ecosystem="Red Hat", **fields)
    assert expected == applies(row("CVE-1", qualifiers=Qualifiers(**asked)), target)


def test_modular_fix_without_stream():
    """A row about a modular build that names no stream is unclear for modular packages, nothing for plain ones."""
    found = row("CVE-1", fixed=MODULAR)
    assert Why.UNCLEAR is applies(found, Target(ecosystem="AlmaLinux", module="a:1", modular=True))
    assert Why.MODULE is applies(found, Target(ecosystem="AlmaLinux"))


def test_oracle_leaves_labels_empty():
    """A modular build without label belongs to the default stream there."""
    found = row("CVE-1", fixed=MODULAR, qualifiers=Qualifiers(module="a:1"))
    assert Why.APPLIES is applies(found, Target(ecosystem="Oracle Linux", modular=True))


def test_fips_builds_fall_back():
    """A FIPS build hears plain rows, but only where a record has none for it."""
    target = target_of(Package(type="deb", name="x", version="1+Fips1"), "Ubuntu", None, ())
    plain, fips = row("CVE-1"), row("CVE-1", qualifiers=Qualifiers(flavour="fips", needs="ubuntu-pro:fips-updates"))
    assert (Why.APPLIES, Why.APPLIES) == (applies(plain, target), applies(fips, target))
    assert level(fips, target) < level(plain, target)


def test_words_of_modules():
    """Labels, titles, marks in versions."""
    assert "nodejs:12" == stream_of("nodejs:12:8030020201124152102:229f0a1c")
    assert "" == stream_of("")
    assert ("nodejs:18",) == streams_in("Moderate: nodejs:18 security update")
    assert ("idm:DL1", "idm:client") == streams_in("Important: idm:DL1 and idm:client security update")
    assert () == streams_in("Moderate: kernel security update")
    assert ("moderate", "") == (severity_in("Moderate: x"), severity_in("x: y"))
    assert (True, True, False) == (
        is_modular(MODULAR),
        is_modular("1-1.module_el8.6.0+1+aaaaaaaa"),
        is_modular("1-1.el8"),
    )
    assert "1.0-1.module+el8.10.0+23147.1" == without_context(f"{MODULAR}.1")
    assert ("2-1", "x:1") == (without_epoch("4:2-1"), without_epoch("x:1"))


def test_orders_of_rpms():
    """Contexts of a module are equal, build numbers are not; sources have no epoch."""
    binary, source = Keys(BinaryOrder(RPM)), Keys(SourceOrder(RPM))
    assert binary[MODULAR] == binary[MODULAR.replace("63faba8d", "95b68fad")]
    assert binary[MODULAR] < binary[MODULAR.replace("23147", "23148")]
    assert binary["4:1-1"] > binary["2-1"]
    assert source["4:1-1"] < source["2-1"]


QUALIFIERS = st.builds(
    Qualifiers,
    arches=st.sampled_from([(), ("x86_64",), ("aarch64",), ("noarch",)]),
    module=st.sampled_from(["", "a:1", "a:2"]),
    flavour=st.sampled_from(["", "fips"]),
    needs=st.sampled_from(["", "suse:ltss", "ubuntu-pro:esm-infra"]),
    repositories=st.sampled_from([(), ("cpe:/o:redhat:enterprise_linux:9",), ("kernel-5.15",)]),
)
ROWS = st.lists(
    st.builds(
        lambda name, fixed, asked, status: row(name, fixed=fixed, qualifiers=asked, status=status),
        st.sampled_from(["CVE-2021-0001", "CVE-2021-0002"]),
        st.sampled_from([None, "1.0-1", MODULAR, "2.0-1"]),
        QUALIFIERS,
        st.sampled_from([Status.AFFECTED, Status.WILL_NOT_FIX, Status.NOT_AFFECTED]),
    ),
    max_size=6,
)
TARGETS = st.builds(
    Target,
    ecosystem=st.sampled_from(["Red Hat", "Ubuntu", "SUSE", "Oracle Linux"]),
    arch=st.sampled_from(["", "x86_64", "noarch"]),
    module=st.sampled_from(["", "a:1"]),
    modular=st.booleans(),
    flavour=st.sampled_from(["", "fips"]),
    version=st.sampled_from(["1.5-1", MODULAR]),
    services=st.sampled_from([frozenset(), frozenset({"esm-infra"})]),
)


@given(rows=ROWS, sources=ROWS, target=TARGETS, data=st.data())
def test_order_of_qualified_rows_has_no_say(rows, sources, target, data):
    """Any order of rows under both names gives the same verdicts, each defect once, with rows that were heard."""
    binary, source = Keys(BinaryOrder(RPM)), Keys(SourceOrder(RPM))

    def said(first, second):
        names = [
            Named(rows=first, version=target.version, keys=binary),
            Named(rows=second, version=target.version, keys=source, is_source=True),
        ]
        return [(v.ids, v.status, v.fixed, v.needs) for v in judge_names(names, {}, target)]

    found = said(rows, sources)
    assert found == said(data.draw(st.permutations(rows)), data.draw(st.permutations(sources)))
    assert len(found) == len({ids for ids, *_ in found})
    heard = {r.id for r in (*rows, *sources) if applies(r, target) in {Why.APPLIES, Why.UNCLEAR}}
    heard |= {r.id for r in sources if applies(r, target, is_source=True) in {Why.APPLIES, Why.UNCLEAR}}
    assert {ids[0] for ids, *_ in found} <= heard
