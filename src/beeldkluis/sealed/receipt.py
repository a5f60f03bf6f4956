"""What the vault answers once a clip is durable, signed with the vault's key (docs/spec/receipt-and-manifest.md)."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from beeldkluis.sealed import merkle, statement
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Signer

KIND = "beeldkluis.nl/receipt/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One clip, durably accepted, with the proof that the journal says so.

    `size` is of the sealed object in bytes; `leaf` is the hash of the journal entry with number `index`; `root` is the
    journal's tree hash at `tree_size` entries. `destroyed`: it was accepted before and destroyed since, by its term; the
    camera may be wiped all the same.
    """

    recording: UUID
    object: UUID
    serial: str
    source_sha256: str
    sealed_sha256: str
    size: int
    log: str
    index: int
    tree_size: int
    leaf: bytes
    root: bytes
    proof: tuple[bytes, ...]
    destroyed: bool = False

    def sign(self, signer: Signer) -> str:
        """The signed note."""
        content: dict[str, Any] = {
            "recording": str(self.recording),
            "object": str(self.object),
            "serial": self.serial,
            "source_sha256": self.source_sha256,
            "sealed_sha256": self.sealed_sha256,
            "size": self.size,
            "log": self.log,
            "index": self.index,
            "tree_size": self.tree_size,
            "leaf": base64.b64encode(self.leaf).decode(),
            "root": base64.b64encode(self.root).decode(),
            "proof": [base64.b64encode(one).decode() for one in self.proof],
            "destroyed": self.destroyed,
        }
        return statement.sign(KIND, content, signer)

    @classmethod
    def verify(cls, text: str, vkey: str) -> "Receipt":
        """The receipt, its signature and its inclusion proof checked. SealError when either does not hold."""
        content = statement.verify(KIND, text, vkey)
        try:
            receipt = cls(
                recording=UUID(content["recording"]),
                object=UUID(content["object"]),
                serial=str(content["serial"]),
                source_sha256=str(content["source_sha256"]),
                sealed_sha256=str(content["sealed_sha256"]),
                size=int(content["size"]),
                log=str(content["log"]),
                index=int(content["index"]),
                tree_size=int(content["tree_size"]),
                leaf=base64.b64decode(content["leaf"], validate=True),
                root=base64.b64decode(content["root"], validate=True),
                proof=tuple(base64.b64decode(one, validate=True) for one in content["proof"]),
                destroyed=content["destroyed"] is True,
            )
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
            raise SealError("the receipt lacks something or has it in the wrong shape") from error
        merkle.check_inclusion(receipt.leaf, receipt.index, receipt.tree_size, receipt.proof, receipt.root)
        return receipt
