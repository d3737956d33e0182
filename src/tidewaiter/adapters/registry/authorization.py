"""Proves to a registry who we are (distribution/distribution: docs/spec/auth/token.md and oauth.md)."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any, Final

import httpx2

from tidewaiter.adapters.registry.auth_files import Credential
from tidewaiter.adapters.registry.challenge import Challenge, parse_challenges
from tidewaiter.adapters.registry.session import Answer, Session, shown
from tidewaiter.ports.registry import RegistryError
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

_LIMIT: Final = 1 << 20
_LIFE: Final = 60.0
"""Seconds that a token lives when its service does not say."""
_MARGIN: Final = 10.0
_CLIENT: Final = "tidewaiter"


class Authorization:
    """The `Authorization` header of one registry, by scope; tokens are renewed before they expire."""

    def __init__(self, session: Session, registry: httpx2.URL, credential: Credential | None) -> None:
        """Take the way to ask, the registry's address and who we are, None for nobody."""
        self._session = session
        self._registry = registry
        self._credential = credential
        self._challenge: Challenge | None = None
        self._tokens: dict[str, tuple[str, float]] = {}

    def challenged(self, headers: Iterable[str]) -> bool:
        """Take the challenges of an answer 401; return whether there is one that we can meet.

        Tokens that were had so far are forgotten: the registry has just refused them.
        """
        offered = {one.scheme: one for one in reversed(parse_challenges(headers))}
        self._tokens.clear()
        self._challenge = offered.get("bearer")
        if (self._challenge is None or not self._challenge.parameters.get("realm")) and "basic" in offered:
            self._challenge = offered["basic"]
        if self._challenge is not None and self._challenge.scheme == "basic":
            return self._credential is not None and bool(self._credential.username)
        return self._challenge is not None

    def header(self, scope: str) -> str:
        """Return the header's value for a scope such as `repository:library/debian:pull`; empty when none is asked."""
        known = self._credential
        if self._challenge is None:
            return ""
        if self._challenge.scheme == "basic":
            return _basic(known) if known is not None else ""
        if known is not None and known.registry_token:
            return f"Bearer {known.registry_token}"
        token, until = self._tokens.get(scope, ("", 0.0))
        if not token or self._session.patience.clock() >= until:
            token, life = self._fetch(self._challenge.parameters, scope)
            self._tokens[scope] = (token, self._session.patience.clock() + max(life - _MARGIN, 1.0))
        return f"Bearer {token}"

    def _fetch(self, parameters: Mapping[str, str], scope: str) -> tuple[str, float]:
        realm = self._realm(parameters.get("realm", ""))
        service = parameters.get("service", "")
        known = self._credential
        if known is not None and known.identity_token:
            form = {
                "grant_type": "refresh_token",
                "refresh_token": known.identity_token,
                "client_id": _CLIENT,
                "scope": scope,
            }
            form |= {"service": service} if service else {}
            answer = self._session.read("POST", realm, form=form, limit=_LIMIT)
        else:
            asked = {"service": service} if service else {}
            url = realm.copy_merge_params({**asked, "scope": scope})
            basic = _basic(known) if known is not None and known.username else ""
            answer = self._session.read("GET", url, authorization=basic, limit=_LIMIT)
        return self._token(answer)

    def _realm(self, written: str) -> httpx2.URL:
        """Return the address of the token service; it comes from the registry, so it is not believed without a look."""
        try:
            url = self._registry.join(written)
        except (httpx2.InvalidURL, ValueError) as error:
            raise RegistryError(
                f"the registry {self._registry.host} names a token service that is no address"
            ) from error
        plain = url.scheme == "http" and self._registry.scheme == "http" and self._session.may_be_plain(url)
        if url.scheme != "https" and not plain:
            raise RegistryError(
                f"the registry {self._registry.host} sends to {shown(url)} for a token, which is not protected by TLS",
                "ask those who run the registry to name an https address",
            )
        return url.copy_with(username=None, password=None) if url.userinfo else url

    def _token(self, answer: Answer) -> tuple[str, float]:
        if answer.status != httpx2.codes.OK:
            who = f"the credentials of {self._credential.source}" if self._credential else "access without credentials"
            raise RegistryError(
                f"{shown(answer.url)} refuses {who} (status {answer.status})", LOGIN, status=answer.status
            )
        try:
            body: dict[str, Any] = mapping(decode(answer.body, size=_LIMIT))
        except JsonError as error:
            raise RegistryError(f"{shown(answer.url)} gives no token: {error}") from error
        token = text(body.get("token")) or text(body.get("access_token"))
        if not token or not token.isascii() or not token.isprintable():
            raise RegistryError(f"{shown(answer.url)} gives no token")
        life = body.get("expires_in")
        return token, float(life) if isinstance(life, int | float) and 0 < life < 1e7 else _LIFE


def _basic(credential: Credential) -> str:
    return "Basic " + base64.b64encode(f"{credential.username}:{credential.password}".encode()).decode()


LOGIN: Final = "log in with `docker login` or `podman login`, or name a file under `registries.credentials`"
