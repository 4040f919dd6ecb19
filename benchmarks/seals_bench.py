"""How fast packs are sealed and opened, beside `openssl cms`, and beside JWE and age where they are installed.

Promised: one seal in 2 ms on one core, in either profile (a demonstration seals some 7,000).
"""

import importlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cryptography

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.fakes.certificates import enrolment, machine, seal_for_program, seal_for_requester
from tests.fakes.packs import SEALED_AT, disclosed_pack

from privity.edge.seals.cms import sealed_der
from privity.edge.seals.key_files import write_certificate, write_key
from privity.edge.seals.opening import open_sealed

ROUNDS = 200
PROGRAM_ROUNDS = 20
SEAL_WITHIN_MS = 2.0


def measure(deed: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median and the best of so many runs, in milliseconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        deed()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), min(times)


def row(what: str, deed: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Measure, print one line of the table and return the median."""
    median, best = measure(deed, rounds)
    print(f"{what:58} {median:8.2f} {best:8.2f} {rounds:6}")
    return median


def main() -> int:
    """Measure everything that is here and return 1 where a promise is missed."""
    pack, authority = disclosed_pack(), enrolment().custodian_authority.certificate
    requester, program = enrolment().requester, machine()
    print(f"Python {platform.python_version()}, cryptography {cryptography.__version__}, {platform.machine()}")
    print(f"{'signed inside, one length for every answer':58} {'median':>8} {'best':>8} {'n':>6}   (ms)")
    seals = [
        row("seal, mail profile (RSA-2048, AES-256-CBC)", lambda: seal_for_requester(pack)),
        row("seal, machine profile (P-256, AES-256-GCM)", lambda: seal_for_program(pack)),
        row(
            "seal, machine profile (RSA-OAEP, AES-256-GCM)",
            lambda: seal_for_program(pack, certificates=[requester.certificate]),
        ),
    ]
    for name, sealed, key in (
        ("mail", seal_for_requester(pack), requester.key),
        ("machine, P-256", seal_for_program(pack), program.key),
    ):
        row(
            f"open and verify, {name}",
            lambda sealed=sealed, key=key: open_sealed(sealed, key=key, authority=authority, at=SEALED_AT),  # type: ignore[misc]  # bound now
        )
    with tempfile.TemporaryDirectory() as name:
        beside_openssl(Path(name))
    beside_others(sealed_der(seal_for_program(pack)) or b"")
    missed = [median for median in seals if median > SEAL_WITHIN_MS]
    print(f"promised: a seal within {SEAL_WITHIN_MS} ms" + ("" if not missed else ": MISSED"))
    return 1 if missed else 0


def beside_openssl(folder: Path) -> None:
    """Measure the openssl program doing the same, start of a process included."""
    if shutil.which("openssl") is None:
        print("openssl is not on this machine")
        return
    requester, custodian = enrolment().requester, enrolment().custodian
    write_key(folder / "key.pem", requester.key)
    write_certificate(folder / "certificate.pem", requester.certificate)
    write_key(folder / "signer-key.pem", custodian.key)
    write_certificate(folder / "signer.pem", custodian.certificate)
    (folder / "content").write_bytes(bytes(12_000))

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607

    signing = ("cms", "-sign", "-binary", "-nodetach", "-in", "content", "-signer", "signer.pem")
    sealing = ("cms", "-encrypt", "-binary", "-in", "signed", "-out", "sealed")

    def seal(cipher: str) -> None:
        openssl(*signing, "-inkey", "signer-key.pem", "-out", "signed")
        openssl(*sealing, cipher, "certificate.pem")

    row("openssl cms, sign and encrypt, CBC (two processes)", lambda: seal("-aes-256-cbc"), PROGRAM_ROUNDS)
    row("openssl cms, sign and encrypt, GCM (two processes)", lambda: seal("-aes-256-gcm"), PROGRAM_ROUNDS)
    row(
        "openssl cms, decrypt (one process)",
        lambda: openssl("cms", "-decrypt", "-in", "sealed", "-inkey", "key.pem", "-out", "opened"),
        PROGRAM_ROUNDS,
    )
    print(subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.strip())  # noqa: S607


def beside_others(content: bytes) -> None:
    """Measure JWE and age on as many bytes, where they are installed. Neither is tied to an X.509 identity."""
    payload = bytes(len(content))
    try:
        jwe, jwk = importlib.import_module("joserfc.jwe"), importlib.import_module("joserfc.jwk")
        key = jwk.RSAKey.generate_key(2048)
        header, algorithms = {"alg": "RSA-OAEP-256", "enc": "A256GCM"}, ["RSA-OAEP-256", "A256GCM"]
        row(
            "joserfc, JWE RSA-OAEP-256 A256GCM (not signed)",
            lambda: jwe.encrypt_compact(header, payload, key, algorithms=algorithms),
        )
    except ImportError:
        print("joserfc is not installed: not compared")
    try:
        pyrage = importlib.import_module("pyrage")
        identity = pyrage.x25519.Identity.generate()
        row("pyrage, age X25519 (not signed)", lambda: pyrage.encrypt(payload, [identity.to_public()]))
    except ImportError:
        print("pyrage is not installed: not compared")


if __name__ == "__main__":
    sys.exit(main())
