"""Is a PDF signed so that others can tell, and is it still what it was?"""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from report_build import sign
from support import finished

TEXT = "# A {#sec-a}\n\nWords for all.\n"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key of somebody's, and a certificate that it gave itself."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A policy centre")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), True
        )
        .sign(private, hashes.SHA256())
    )
    content = pkcs12.serialize_key_and_certificates(
        b"key", private, certificate, None, serialization.BestAvailableEncryption(b"open")
    )
    path = tmp_path_factory.mktemp("key") / "key.p12"
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def plain() -> bytes:
    return finished(TEXT, "pdf")


def test_others_find_the_signature_good_and_the_text_as_it_was(key: Path, plain: bytes) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    made = sign.signed(plain, sign.signer(key, b"open"), "Published")
    assert made.startswith(plain)  # nothing that was there is touched
    (signature,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    trusted = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=trusted)
    assert status.intact
    assert status.valid
    assert str(signature.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    with pikepdf.open(io.BytesIO(made)) as new, pikepdf.open(io.BytesIO(plain)) as old:
        assert len(new.pages) == len(old.pages)
        assert new.Root.MarkInfo.Marked
        assert new.open_metadata()["pdfuaid:part"] == "1"
        assert new.open_metadata()["pdfaid:conformance"] == "A"


def test_a_changed_file_is_found_out(key: Path, plain: bytes) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    made = bytearray(sign.signed(plain, sign.signer(key, b"open")))
    at = made.index(b"%PDF") + 300
    made[at] ^= 1
    (signature,) = PdfFileReader(io.BytesIO(bytes(made)), strict=False).embedded_signatures
    trusted = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    assert not validate_pdf_signature(signature, signer_validation_context=trusted).intact


def run(folder: Path, *arguments: str, password: str = "open") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "report_build", "sign", *arguments], cwd=folder, text=True,
        capture_output=True, check=False, env={"PATH": "", sign.PASSWORD: password},
    )  # fmt: skip


def test_signed_copies_lie_beside_what_was_built(key: Path, plain: bytes, tmp_path: Path) -> None:
    (tmp_path / "out/report").mkdir(parents=True)
    (tmp_path / "out/report/a.pdf").write_bytes(plain)
    done = run(tmp_path, "--key", str(key))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "signed/report/a.pdf").read_bytes().startswith(plain)
    assert (tmp_path / "out/report/a.pdf").read_bytes() == plain


@pytest.mark.parametrize("wrong", ["password", "key", "files"])
def test_what_is_wrong_is_told_in_one_line(
    wrong: str, key: Path, plain: bytes, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    if wrong != "files":
        (tmp_path / "out/a.pdf").write_bytes(plain)
    named = "none.p12" if wrong == "key" else str(key)
    done = run(tmp_path, "--key", named, password="no" if wrong == "password" else "open")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "signed").exists()
