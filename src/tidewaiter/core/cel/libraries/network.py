"""IP addresses and CIDR blocks (kubernetes/apiserver: pkg/cel/library/ip.go, cidr.go).

IPv4 addresses mapped into IPv6, zones and leading zeros are invalid; a CIDR may have host bits.
"""

from __future__ import annotations

import ipaddress
from typing import Any, ClassVar

from tidewaiter.core.cel import types
from tidewaiter.core.cel.cost import of_text
from tidewaiter.core.cel.declarations import Function, Library, function, member, plain
from tidewaiter.core.cel.types import BOOL, INT, STRING
from tidewaiter.core.cel.values import Failure, Opaque, TypeValue, fail

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_IP = types.opaque("net.IP")
_CIDR = types.opaque("net.CIDR")


class Ip(Opaque):
    """An IP address."""

    __slots__ = ("address",)
    cel_type_name: ClassVar[str] = "net.IP"

    def __init__(self, address: _Address) -> None:
        self.address = address

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ip) and self.address == other.address

    def __hash__(self) -> int:
        return hash(self.address)

    def __str__(self) -> str:
        return str(self.address)


class Cidr(Opaque):
    """An address with the length of its network's prefix."""

    __slots__ = ("address", "length", "network")
    cel_type_name: ClassVar[str] = "net.CIDR"

    def __init__(self, address: _Address, length: int) -> None:
        self.address = address
        self.length = length
        self.network = ipaddress.ip_network((address, length), strict=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cidr) and (self.address, self.length) == (other.address, other.length)

    def __hash__(self) -> int:
        return hash((self.address, self.length))

    def __str__(self) -> str:
        return f"{self.address}/{self.length}"


def _parsed(text: str, what: str) -> _Address:
    if len(text) > 64 or "/" in text:
        raise fail(f"{what} {text[:64]!r} parse error during conversion from string")
    if "%" in text:
        raise fail(f"{what} with a zone is not allowed")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise fail(f"{what} {text!r} parse error during conversion from string") from None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        raise fail("IPv4-mapped IPv6 address is not allowed")
    return address


def _ip(text: str) -> Ip:
    return Ip(_parsed(text, "IP address"))


def _cidr(text: str) -> Cidr:
    host, slash, digits = text.partition("/")
    address = _parsed(host, "CIDR")
    plain_number = digits.isascii() and digits.isdecimal() and len(digits) <= 3 and str(int(digits)) == digits
    if not slash or not plain_number or int(digits) > address.max_prefixlen:
        raise fail(f"network address {text[:64]!r} parse error during conversion from string")
    return Cidr(address, int(digits))


def _valid(parse: Any) -> Any:
    def test(text: str) -> bool:
        try:
            parse(text)
        except Failure:
            return False
        return True

    return test


def _is_canonical(text: str) -> bool:
    return str(_ip(text)) == text


def _is_global_unicast(value: Ip) -> bool:
    address = value.address
    is_broadcast = isinstance(address, ipaddress.IPv4Address) and int(address) == 2**32 - 1
    return not (
        address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local or is_broadcast
    )


def _is_link_local_multicast(value: Ip) -> bool:
    address = value.address
    if isinstance(address, ipaddress.IPv4Address):
        return int(address) >> 8 == 0xE00000
    return address.packed[0] == 0xFF and address.packed[1] & 0x0F == 2


def _contains_ip(block: Cidr, ip: Any) -> bool:
    address = ip.address if isinstance(ip, Ip) else _parsed(ip, "IP address")
    return address.version == block.address.version and address in block.network


def _contains_cidr(block: Cidr, inner: Any) -> bool:
    other = inner if isinstance(inner, Cidr) else _cidr(inner)
    return other.length >= block.length and _contains_ip(block, Ip(other.address))


def _test(name: str, read: Any) -> Function:
    return function(name, member((_IP,), BOOL, read))


LIBRARY = Library(
    id="network",
    constants={
        "net.IP": (types.type_of(_IP), TypeValue("net.IP")),
        "net.CIDR": (types.type_of(_CIDR), TypeValue("net.CIDR")),
    },
    functions=(
        function(
            "ip",
            plain((STRING,), _IP, _ip, of_text),
            member((_CIDR,), _IP, lambda block: Ip(block.address)),
        ),
        function("isIP", plain((STRING,), BOOL, _valid(_ip), of_text)),
        function("ip.isCanonical", plain((STRING,), BOOL, _is_canonical, of_text)),
        function("family", member((_IP,), INT, lambda ip: ip.address.version)),
        _test("isUnspecified", lambda ip: ip.address.is_unspecified),
        _test("isLoopback", lambda ip: ip.address.is_loopback),
        _test("isLinkLocalMulticast", _is_link_local_multicast),
        _test("isLinkLocalUnicast", lambda ip: ip.address.is_link_local),
        _test("isGlobalUnicast", _is_global_unicast),
        function("cidr", plain((STRING,), _CIDR, _cidr, of_text)),
        function("isCIDR", plain((STRING,), BOOL, _valid(_cidr), of_text)),
        function("containsIP", *(member((_CIDR, kind), BOOL, _contains_ip) for kind in (_IP, STRING))),
        function("containsCIDR", *(member((_CIDR, kind), BOOL, _contains_cidr) for kind in (_CIDR, STRING))),
        function("masked", member((_CIDR,), _CIDR, lambda block: Cidr(block.network.network_address, block.length))),
        function("prefixLength", member((_CIDR,), INT, lambda block: block.length)),
        function("string", plain((_IP,), STRING, str), plain((_CIDR,), STRING, str)),
    ),
)
