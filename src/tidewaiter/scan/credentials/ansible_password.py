"""Connection passwords in Ansible inventories (docs.ansible.com: connection variables)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, is_password

FORMAT: Final = TokenFormat(
    id="ansible-password",
    title="Password in an Ansible inventory",
    tags=frozenset({"password"}),
    keywords=(b"ansible_password", b"ansible_ssh_pass", b"ansible_become_pass", b"ansible_sudo_pass"),
    pattern=assigned(rb"ansible_(?:(?:ssh|become|sudo)_pass(?:word)?|password)", rb"""[^\s\"'{$!]{6,200}"""),
    before=0,
    after=256,
    accept=is_password,
    is_generic=True,
)
