"""Letting a dock in, and the keys that it trusts: both by a person who compares."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from beeldkluis.dock.client import Vault, VaultRefusesError, is_safe
from beeldkluis.dock.state import Memory, State
from beeldkluis.sealed.age import Recipient, fingerprint
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Signer, Verifier

SHOWN = 16  # characters of a fingerprint that people compare: 64 bits


def shown(recipient: str) -> str:
    """The beginning of a recipient's fingerprint, as people compare it."""
    return fingerprint(recipient)[:SHOWN]


def enrol(server: str, code: str, name: str, folder: Path) -> State:
    """Let this dock in, and pin the vault's key and what to seal for. VaultRefusesError, VaultAwayError."""
    if not is_safe(server):
        raise VaultRefusesError("Het adres van de server moet met https beginnen.")
    signer = Signer.generate(f"dock/{name.replace(' ', '-').replace('+', '-')}")
    with Vault(server) as vault:
        answer = vault.enrol(code, name, signer.vkey)
    try:
        recipients = tuple(str(one) for one in answer["recipients"])
        for one in recipients:
            Recipient.parse(one)
        Verifier.parse(str(answer["vault_key"]))
        state = State(
            server=server.rstrip("/"),
            dock=str(answer["dock"]),
            name=name,
            token=str(answer["token"]),
            signer=signer.text,
            vault_key=str(answer["vault_key"]),
            recipients=recipients,
        )
    except (KeyError, TypeError, SealError) as error:
        raise VaultRefusesError("Wat daar antwoordt is geen Beeldkluis.") from error
    Memory(folder).write(state)
    return state


def trust(memory: Memory, compared: Iterable[str]) -> bool:
    """Take the vault's recipients over when a person typed the beginning of the fingerprint of every one of them, and of no
    other. False when they differ; then nothing changes.
    """
    state = memory.read()
    with Vault(state.server, state.token) as vault:
        recipients = tuple(str(one) for one in vault.configuration(state.vault_key)["recipients"])
    if {one[:SHOWN].lower() for one in compared} != {shown(one) for one in recipients}:
        return False
    memory.write(replace(state, recipients=recipients))
    return True
