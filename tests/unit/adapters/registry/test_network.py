"""Addresses, proxies and certificates."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fake_registry import INDEX, FakeRegistry, Reply
from images import layer_tar
from tidewaiter.adapters.registry import Patience, Registries, current_digest, list_tags, referrers
from tidewaiter.adapters.registry.addresses import is_loopback, is_public
from tidewaiter.adapters.registry.backoff import retry_after
from tidewaiter.adapters.registry.proxies import proxy_for
from tidewaiter.adapters.registry.session import shown
from tidewaiter.core.configuration import RegistryOptions
from tidewaiter.core.context import parse_reference
from tidewaiter.ports.images import ImageError


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("no address", False),
    ],
)
def test_public_addresses(address: str, expected: bool):
    """Only addresses of the internet at large are public, also when IPv4 hides in IPv6."""
    assert is_public(address) is expected


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "127.8.8.8", "::1", "[::1]"])
def test_loopback(host: str):
    """The machine itself is known by its names and addresses."""
    assert is_loopback(host)
    assert not is_loopback(f"{host.strip('[].')}.example.org")


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        ("https://a.example/", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("https://a.example/", {"HTTPS_PROXY": "http://p:1", "https_proxy": "q:2"}, "http://q:2"),
        ("https://a.example/", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://a.example/", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ("http://a.example/", {"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"}, None),
        ("https://a.example/", {"ALL_PROXY": "http://p:1"}, "http://p:1"),
        ("https://a.example/", {"ALL_PROXY": "http://p:1", "NO_PROXY": "b.example, example"}, None),
        ("https://a.example/", {"ALL_PROXY": "http://p:1", "NO_PROXY": ".a.example:443"}, None),
        ("https://a.example:8/", {"ALL_PROXY": "http://p:1", "NO_PROXY": "a.example:443"}, "http://p:1"),
        ("https://ba.example/", {"ALL_PROXY": "http://p:1", "NO_PROXY": "a.example"}, "http://p:1"),
        ("https://a.example/", {"ALL_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        ("https://127.0.0.1:5000/", {"ALL_PROXY": "http://p:1"}, None),
    ],
)
def test_proxies(url: str, environ: dict[str, str], proxy: str | None):
    """Proxies come from the environment, exceptions too; this machine never needs one."""
    assert proxy_for(httpx2.URL(url), environ) == proxy


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7.0), ("", None), ("soon", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("-1", None)]
)
def test_retry_after(value: str, seconds: float | None):
    """Seconds and dates are read, everything else is no wish."""
    assert retry_after(value) == seconds


def test_addresses_are_told_without_secrets():
    """User, password and query stay out of every message."""
    assert shown(httpx2.URL("https://u:p@s.example:8/a?X-Amz-Signature=z")) == "https://s.example:8/a"


def certificate(folder: Path, name: str, issuer: Path | None = None) -> Path:
    """Write NAME.crt and NAME.key, signed by an issuer or itself; return the path without suffix."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    signer, signed_by = (key, subject)
    if issuer is not None:
        signer = serialization.load_pem_private_key(issuer.with_suffix(".key").read_bytes(), None)
        signed_by = x509.load_pem_x509_certificate(issuer.with_suffix(".crt").read_bytes()).subject
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder(signed_by, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    base = folder / name
    base.with_suffix(".crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    base.with_suffix(".key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    )
    return base


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_own_authority_and_client_certificate(tmp_path: Path):
    """A registry behind an authority of one's own is trusted when that is named, and sees our certificate."""
    authority = certificate(tmp_path, "ca")
    server = certificate(tmp_path, "server", authority)
    client = certificate(tmp_path, "client", authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.with_suffix(".crt"), server.with_suffix(".key"))
    context.load_verify_locations(authority.with_suffix(".crt"))
    context.verify_mode = ssl.CERT_REQUIRED
    with FakeRegistry(context=context) as registry:
        registry.push("shop/web", "1", layers=[layer_tar({})])
        folder = tmp_path / ".config" / "containers" / "certs.d" / registry.host
        folder.mkdir(parents=True)
        (folder / "client.cert").write_bytes(client.with_suffix(".crt").read_bytes())
        (folder / "client.key").write_bytes(client.with_suffix(".key").read_bytes())
        environ = {"HOME": str(tmp_path)}
        options = RegistryOptions(ca=str(authority.with_suffix(".crt")))
        with Registries(environ, options=options).image(f"{registry.host}/shop/web:1") as image:
            assert image.layers
        (folder / "ca.crt").write_bytes(authority.with_suffix(".crt").read_bytes())
        with Registries(environ).image(f"{registry.host}/shop/web:1") as image:
            assert image.layers
        (folder / "ca.crt").unlink()
        careless = RegistryOptions(insecure=(registry.host,))
        with Registries(environ, options=careless).image(f"{registry.host}/shop/web:1") as image:
            assert image.layers
        mirror = RegistryOptions(mirrors={"x.example": (f"https://{registry.host}",)})
        with (
            pytest.raises(ImageError, match="cannot be trusted"),
            Registries(environ, options=mirror, patience=Patience(attempts=1), resolve=lambda host, _: (host,)).image(
                "x.example/shop/web:1"
            ),
        ):
            pass


def test_certificates_that_are_none(tmp_path: Path):
    """A file that holds no certificates is named."""
    (tmp_path / "ca.pem").write_text("none")
    options = RegistryOptions(ca=str(tmp_path / "ca.pem"))
    with (
        pytest.raises(ImageError, match=r"ca.pem cannot be used"),
        Registries({}, options=options).image("a.example/x"),
    ):
        pass


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("has_api", [True, False])
def test_referrers(has_api: bool):
    """Signatures and documents of an image are found by the API, and by the tag schema where there is none."""
    with FakeRegistry(has_referrers=has_api) as registry:
        image = registry.push("shop/web", "1", layers=[layer_tar({})])
        documents = [
            registry.push("shop/web", kind, layers=[kind.encode()], subject=image, artifactType=f"application/{kind}")
            | {"artifactType": f"application/{kind}"}
            for kind in ("signature", "sbom")
        ]
        if not has_api:
            registry.put(
                "shop/web",
                image["digest"].replace(":", "-"),
                {"schemaVersion": 2, "mediaType": INDEX, "manifests": documents},
            )
        reference = parse_reference(f"{registry.host}/shop/web:1")
        assert reference is not None
        with Registries({}).clients(reference) as (client,):
            found = referrers(client, image["digest"])
            assert {one.artifact_type for one in found} == {"application/signature", "application/sbom"}
            (one,) = referrers(client, image["digest"], artifact_type="application/sbom")
            assert one.digest == documents[1]["digest"]
            assert referrers(client, f"sha256:{'0' * 64}") == ()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_tags():
    """All pages of tags are read; what a tag means is asked without a pull where the registry tells it."""
    with FakeRegistry() as registry:
        made = [registry.push("shop/web", tag, layers=[tag.encode()]) for tag in "abcde"]
        reference = parse_reference(f"{registry.host}/shop/web")
        assert reference is not None
        with Registries({}).clients(reference) as (client,):
            assert list_tags(client) == tuple("abcde")
            registry.requests.clear()
            assert current_digest(client, "b") == made[1]["digest"]
            assert [one.method for one in registry.requests] == ["HEAD"]
            registry.faults["/v2/shop/web/manifests/b"] = [Reply(405, {}, b"")]
            assert current_digest(client, "b") == made[1]["digest"]
            with pytest.raises(ImageError, match="does not have the image"):
                current_digest(client, "z")
            for answer in (b"[", b"{}", b'{"tags": [1, "x"]}'):
                registry.faults["/v2/shop/web/tags/list"] = [Reply(200, {"Link": "<//[>; rel=next"}, answer)]
                if answer == b"[":
                    with pytest.raises(ImageError, match="gives no list of tags"):
                        list_tags(client)
                else:
                    assert list_tags(client) in {(), ("x",)}
