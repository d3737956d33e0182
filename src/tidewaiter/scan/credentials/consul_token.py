"""ACL tokens of HashiCorp Consul and Nomad (developer.hashicorp.com: ACL tokens)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, is_hexadecimal_secret

FORMAT: Final = TokenFormat(
    id="consul-token",
    title="Consul or Nomad token",
    tags=frozenset({"vendor", "secret-store"}),
    keywords=(b"CONSUL_HTTP_TOKEN", b"NOMAD_TOKEN", b"consul_token", b"consul_http_token", b"nomad_token"),
    pattern=assigned(
        rb"(?:consul(?:_http)?|nomad)_token", rb"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"
    ),
    before=0,
    after=256,
    accept=is_hexadecimal_secret,
)
