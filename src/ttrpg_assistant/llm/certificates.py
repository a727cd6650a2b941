"""Whose certificates are trusted when a model server is called over https.

The system's own store, unless `SSL_CERT_FILE` or `SSL_CERT_DIR` replace it, as they do for
OpenSSL; and beside it the authorities of `TTRPG_CA_FILE` and `REQUESTS_CA_BUNDLE`.
"""

from __future__ import annotations

import functools
import ssl
from dataclasses import dataclass

import httpx2

_REASONS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by itself and not known here",
    19: "its certificate is signed by an authority that is not known here",
    20: "its certificate is signed by an authority that is not known here",
    21: "its certificate is signed by an authority that is not known here",
    62: "its certificate was made for another name",
    64: "its certificate was made for another address",
}
"""OpenSSL's `X509_V_ERR_…` numbers in words."""


class UnusableAuthorities(Exception):
    """A file of certificate authorities cannot be read. `args` is the variable and the path."""


@dataclass(frozen=True, slots=True)
class Authorities:
    """Where to find the certificate authorities to trust.

    `files` and `replacing` are pairs of the variable and the path it holds. `replacing` stands
    in for the system's store; `files` are trusted as well.
    """

    files: tuple[tuple[str, str], ...] = ()
    replacing: tuple[tuple[str, str], ...] = ()

    def make_context(self) -> ssl.SSLContext:
        """What is trusted, for a connection. Reading it takes tens of milliseconds, once.

        Raises `UnusableAuthorities`.
        """
        return _make_context(self)


SYSTEM_AUTHORITIES = Authorities()


@functools.cache
def _make_context(authorities: Authorities) -> ssl.SSLContext:
    if authorities.replacing:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for variable, path in authorities.replacing:
            _load(context, variable, path, is_folder=variable == "SSL_CERT_DIR")
    else:
        context = httpx2.create_ssl_context(trust_env=False)
    for variable, path in authorities.files:
        _load(context, variable, path)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _load(context: ssl.SSLContext, variable: str, path: str, *, is_folder: bool = False) -> None:
    try:
        if is_folder:
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except (OSError, ssl.SSLError):
        raise UnusableAuthorities(variable, path) from None


def describe_refusal(reason: ssl.SSLCertVerificationError) -> str:
    """Why a certificate was refused, as the end of a sentence about the server."""
    told = reason.verify_message or "nobody says why"
    return _REASONS.get(reason.verify_code, f"its certificate is not accepted ({told})")
