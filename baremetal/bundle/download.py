"""Downloads over HTTPS that are checked against a published SHA-256."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from baremetal.errors import ChecksumMismatch, PartFailed

_PROBE = urllib3.Timeout(connect=2.5, read=4.0)
_PATIENT = urllib3.Timeout(connect=10.0, read=60.0)
_CHUNK = 1 << 20


@cache
def pool() -> urllib3.PoolManager:
    """One pool of connections for all downloads."""
    return urllib3.PoolManager(retries=urllib3.Retry(3, redirect=5, backoff_factor=0.5))


@cache
def site_answers(site: str) -> bool:
    """Whether `https://host` answers at all; asked once a run, so that ten parts from there wait once."""
    try:
        pool().request("GET", f"{site}/", timeout=_PROBE, retries=False, preload_content=False).release_conn()
    except urllib3.exceptions.HTTPError:
        return False
    return True


def is_reachable(url: str) -> bool:
    """Whether the first byte of a file can be fetched."""
    if not site_answers("{0.scheme}://{0.netloc}".format(urlsplit(url))):
        return False
    try:
        answer = pool().request("GET", url, headers={"Range": "bytes=0-0"}, timeout=_PROBE, preload_content=False)
    except urllib3.exceptions.HTTPError:
        return False
    reached = answer.status in (200, 206)
    answer.close()
    return reached


def fetch(url: str, target: Path) -> Path:
    """Download a file and check it against `<url>.sha256`."""
    expected = _get(f"{url}.sha256").data.decode().split()[0]
    running = hashlib.sha256()
    answer = _get(url, stream=True)
    with target.open("wb") as file:
        for chunk in answer.stream(_CHUNK):
            running.update(chunk)
            file.write(chunk)
    answer.release_conn()
    if running.hexdigest() != expected:
        target.unlink()
        raise ChecksumMismatch(url, expected, running.hexdigest())
    return target


def _get(url: str, *, stream: bool = False) -> urllib3.BaseHTTPResponse:
    try:
        answer = pool().request("GET", url, timeout=_PATIENT, preload_content=not stream)
    except urllib3.exceptions.HTTPError as error:
        raise PartFailed(url, f"the download failed ({error})") from error
    if answer.status != 200:
        raise PartFailed(url, f"the download failed: HTTP {answer.status}")
    return answer
