"""How are finished PDFs signed? PAdES baseline B (ETSI EN 319 142-1), with a key of the user's.

The signature cannot be seen on the page. It is added after all else, so that tags, PDF/UA-1 and
PDF/A-3a stay as they are. This is the only door to pyHanko.
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from report_build import atomic
from report_build.diagnostics import MachineError

PASSWORD = "REPORT_BUILD_KEY_PASSWORD"
FIELD = "Signature"


def signer(key: Path, password: bytes | None = None) -> Any:
    """What signs, from a PKCS#12 file with a key and its certificates."""
    if not key.is_file():
        raise MachineError(f"there is no file {key}")
    found = _pyhanko("pyhanko.sign.signers").SimpleSigner.load_pkcs12(str(key), passphrase=password)
    if not found:
        raise MachineError(f"{key} cannot be opened", f"put its password into {PASSWORD}")
    return found


def signed(content: bytes, by: Any, reason: str = "") -> bytes:
    """A PDF with a signature."""
    fields = _pyhanko("pyhanko.sign.fields")
    signers = _pyhanko("pyhanko.sign.signers")
    writer = _pyhanko("pyhanko.pdf_utils.incremental_writer").IncrementalPdfFileWriter(
        io.BytesIO(content)
    )
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason or None, md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )  # fmt: skip
    place = fields.SigFieldSpec(FIELD, readable_field_name="Signature")
    result = signers.PdfSigner(about, by, new_field_spec=place).sign_pdf(writer, in_place=False)
    return bytes(result.getvalue())


def sign_all(
    files: Iterable[Path], into: Path, root: Path, by: Any, reason: str = ""
) -> Iterator[Path]:
    """Signed copies of files, at the same paths in another folder."""
    for file in files:
        target = into / file.relative_to(root)
        atomic.write(target, signed(file.read_bytes(), by, reason))
        yield target


def password() -> bytes | None:
    """The password of the key, from the environment."""
    said = os.environ.get(PASSWORD)
    return said.encode() if said else None


def _pyhanko(name: str) -> Any:
    logging.getLogger("pyhanko").addHandler(logging.NullHandler())  # what is wrong is told here
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MachineError(
            "signing needs the package pyhanko", "pip install 'report-build[sign]'"
        ) from None
