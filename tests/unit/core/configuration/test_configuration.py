"""`.tidewaiter.yaml`."""

import pytest

from tidewaiter.core.configuration import (
    Configuration,
    ConfigurationError,
    ConfiguredImage,
    decode_configuration,
    unknown_policies,
)
from tidewaiter.core.model.severity import Severity
from tidewaiter.scan.yaml_text import load_documents

FULL = b"""
policies:
  latest-tag: {severity: high, enforce: {build: fail}}
  no-limits: {enabled: false}
policyDirs: [policies]
owners:
  services/web/**: team:web
images:
  shop/web: build/web.tar
  shop/api: {archive: build/api.tar, dockerfile: api/Dockerfile}
exceptions:
  - {id: a, policies: [no-owner], reason: r, expires: 2027-01-01}
  - {id: b, policies: [no-owner], reason: r}
ignore: [vendor/]
tree: partial
environment: production
registries: {allowed: [registry.example.org]}
"""


def decode(text):
    """Decode a text as the command does."""
    (document,) = load_documents(text, ".tidewaiter.yaml")
    assert document.error is None
    return decode_configuration(document.value, file=".tidewaiter.yaml", positions=document.positions)


def test_every_key_is_decoded():
    """All keys of decision 3b."""
    configuration = decode(FULL)
    assert Severity.HIGH is configuration.policies["latest-tag"].severity
    assert not configuration.policies["no-limits"].enabled
    assert ("policies",) == configuration.policy_dirs
    assert ["team:web"] == [rule.owner for rule in configuration.owners]
    assert ConfiguredImage(archive="build/web.tar") == configuration.images["shop/web"]
    assert "api/Dockerfile" == configuration.images["shop/api"].dockerfile
    assert ["a"] == [one.id for one in configuration.exceptions]
    assert ["exception b"] == [one.subject for one in configuration.unknowns]
    assert (("vendor/",), True, "production") == (
        configuration.ignore,
        configuration.is_partial,
        configuration.environment,
    )


def test_registries():
    """How registries are asked stands beside which are allowed; a misspelt key is an error."""
    text = b"registries: {mirrors: {docker.io: [m.example/hub]}, ca: a.pem, insecure: [b], internal: [c], foreignLayers: true}"
    options = decode(text).registries
    assert ({"docker.io": ("m.example/hub",)}, "a.pem", ("b",), ("c",), True) == (
        options.mirrors,
        options.ca,
        options.insecure,
        options.internal,
        options.foreign_layers,
    )
    with pytest.raises(ConfigurationError, match="did you mean `insecure`"):
        decode(b"registries: {insecur: []}")


def test_allowed_registries_feed_their_policy():
    """`registries.allowed` is the parameter of `untrusted-registry`, beside its other settings."""
    override = decode(FULL).overrides()["untrusted-registry"]
    assert ["registry.example.org"] == override.params["allowed"]
    own = decode(b"registries: {allowed: [a]}\npolicies: {untrusted-registry: {severity: low}}")
    assert (Severity.LOW, ["a"]) == (
        own.overrides()["untrusted-registry"].severity,
        own.overrides()["untrusted-registry"].params["allowed"],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"polices: {}", ".tidewaiter.yaml:1:1: unknown key `polices` (did you mean `policies`?)"),
        (b"policies:\n  a: {severty: high}", ".tidewaiter.yaml:2:"),
        (b"tree: half", "invalid enum value 'half'"),
        (b"ignore: vendor", "expected a list, got a text"),
        (b"images: [a]", "expected a mapping of names"),
        (b"owners: text", "expected a mapping of paths to owners"),
        (b"owners: [{owner: a}]", "give either `path` or `select`"),
        (b"owners: [{owner: a, path: b, select: {kind: c}}]", "give either `path` or `select`"),
        (b"owners: {a: [b]}", "expected `path: owner`"),
        (b"registries: {alowed: []}", "did you mean `allowed`?"),
        (b"- a", "expected a mapping"),
    ],
)
def test_mistakes_are_told_with_their_place(text, expected):
    """What happened, where, what was meant."""
    with pytest.raises(ConfigurationError) as caught:
        decode(text)
    assert expected in str(caught.value)
    assert caught.value.advice


def test_all_mistakes_are_told_at_once():
    """Nobody corrects one mistake per run."""
    with pytest.raises(ConfigurationError) as caught:
        decode(b"polices: {}\ntree: half\nignore: x")
    assert 3 == len(caught.value.problems)


def test_no_file_and_an_empty_file_are_the_defaults():
    """Nothing has to be configured."""
    assert Configuration() == decode_configuration(None, file="f")


def test_names_of_no_policy_are_told():
    """A setting for a policy that does not exist does nothing, which nobody wants."""
    (problem,) = unknown_policies(decode(FULL), {"latest-tags", "no-limits"})
    assert "did you mean `latest-tags`?" == problem.advice
    assert 3 == problem.location.line


def test_watch():
    """Images whose tags are looked at are listed; a misspelt key is an error."""
    assert ("a/b:1", "a/c:*") == decode(b"watch: {images: ['a/b:1', 'a/c:*']}").watch.images
    with pytest.raises(ConfigurationError, match="image"):
        decode(b"watch: {image: []}")
