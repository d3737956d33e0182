"""Executables that production images rarely need, told by their name in a folder of the search path."""

import re
from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["shell", "package-manager", "network-client", "compiler", "debugger"]

_NAMES: Final[dict[Kind, str]] = {
    "shell": "sh ash bash dash rbash zsh ksh ksh93 mksh csh tcsh fish pwsh busybox",
    "package-manager": "apk apt apt-get aptitude dpkg yum dnf dnf5 microdnf rpm zypper tdnf pacman opkg "
    "pip pip3 pipx uv conda npm npx yarn pnpm gem bundle composer cargo",
    "network-client": "curl wget nc ncat netcat nc.openbsd nc.traditional socat ssh scp sftp telnet ftp tftp rsync "
    "tcpdump nmap dig nslookup",
    "compiler": "gcc g++ cc c++ clang clang++ tcc rustc javac make cmake ld as go gfortran",
    "debugger": "gdb gdbserver lldb strace ltrace perf delve dlv valgrind bpftrace",
}
KINDS: Final[Mapping[str, Kind]] = {name: kind for kind, names in _NAMES.items() for name in names.split()}
"""Tool name -> kind."""
_FOLDERS: Final = frozenset({"bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin", "busybox"})
_OPTIONAL: Final = re.compile(r"opt/[^/]+/s?bin|usr/local/[^/]+/bin|root/\.(?:local|cargo)/bin")
_VERSION: Final = re.compile(r"-?\d+(?:\.\d+)*$")


def tool_name(folder: str, name: str) -> str:
    """Return the tool that an executable is, without its version (`gcc-12` is `gcc`); empty when it is none."""
    if folder not in _FOLDERS and not (
        folder.startswith(("opt/", "usr/local/", "root/")) and _OPTIONAL.fullmatch(folder)
    ):
        return ""
    if name in KINDS:
        return name
    plain = _VERSION.sub("", name)
    return plain if plain != name and plain in KINDS else ""
